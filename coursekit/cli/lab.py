"""`coursekit lab`: fill the work folder and open it in JupyterLab."""

from __future__ import annotations

import argparse

from coursekit.cli.options import work, work_folder

SAYS = "open the course in JupyterLab"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    work(parser)
    parser.add_argument("--port", type=int, help="the server's port (default 8888)")
    parser.add_argument(
        "--no-browser", action="store_true", help="only print the address"
    )
    parser.add_argument("--browser", help="the browser to open")
    parser.add_argument(
        "jupyter", nargs="*", metavar="-- ...", help="options for JupyterLab itself"
    )


def run(options: argparse.Namespace) -> int:
    """Run the server until the learner stops it."""
    from coursekit import workfolder
    from coursekit.cli import server
    from coursekit.grade import record

    wanted = server.PORT if options.port is None else options.port
    port = server.free_port(wanted)
    if port != wanted:
        print(f"Port {wanted} is taken; this one uses {port}.")
    address = f"http://localhost:{port}/lab"
    print(f"Starting JupyterLab at {address} ... Ctrl+C stops it.", flush=True)
    course, folder = workfolder.course_folder(), work_folder(options)
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
    return server.open_lab(folder, [*jupyter, *options.jupyter])
