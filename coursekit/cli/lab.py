"""`coursekit lab`: fill the work folder and open it in JupyterLab."""

from __future__ import annotations

import argparse
import webbrowser

from coursekit.cli.options import work, work_folder

SAYS = "open the course in JupyterLab"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    work(parser)
    parser.add_argument("--port", type=_port, help="the server's port (default 8888)")
    parser.add_argument(
        "--no-browser", action="store_true", help="only print the address"
    )
    parser.add_argument("--browser", help="the browser to open")
    parser.add_argument(
        "--use-my-config",
        action="store_true",
        help="let your own Jupyter configuration choose the server's address",
    )
    parser.add_argument(
        "jupyter", nargs="*", metavar="-- ...", help="options for JupyterLab itself"
    )


def run(options: argparse.Namespace) -> int:
    """Run the server until the learner stops it."""
    from coursekit import workfolder
    from coursekit.cli import server
    from coursekit.grade import record

    server.require_lab()
    course, folder = workfolder.course_folder(), work_folder(options)
    if address := server.running(folder):
        print(f"JupyterLab runs already in this folder: {address}")
        if not options.no_browser:
            webbrowser.get(options.browser).open(address)
        return 0
    wanted = server.PORT if options.port is None else options.port
    port = server.free_port(wanted)
    if port != wanted:
        print(f"Port {wanted} is taken; this one uses {port}.")
    address = f"http://localhost:{port}/lab"
    print(f"Starting JupyterLab at {address} ... Ctrl+C stops it.", flush=True)
    server.trust(folder, workfolder.copy_missing(course, folder))
    record.create(folder / record.NAME)
    if news := workfolder.news(course, folder):
        print(
            f"New versions of your notebooks: {len(news)}. To see what would "
            "change, run: coursekit update --dry-run"
        )
    jupyter = [f"--port={port}"]
    if options.browser is not None:
        jupyter.append(f"--browser={options.browser}")
    if options.no_browser:
        jupyter.append("--no-browser")
    jupyter += options.jupyter
    return server.open_lab(folder, jupyter, my_config=options.use_my_config)


def _port(word: str) -> int:
    port = int(word)
    if not 1 <= port < 2**16:
        raise argparse.ArgumentTypeError(
            f"{port} is no port: name one from 1024 to 65535, or leave --port out."
        )
    return port
