"""Take out of a cell what IPython understands and Python does not.

IPython could do this itself, but it takes half a second to import, changes from version
to version what it accepts, and its transformers can be replaced by whoever shares its
process. What is needed of it is little.
"""

from __future__ import annotations

import ast
import re

from coursekit.classroom.reader.syntax import parsed, shown

# Cell magics whose body is run as Python in the notebook's own names.
_BODY_IS_CODE = {
    *("time", "timeit", "capture", "prun", "debug", "memit", "mprun", "snakeviz"),
    *("scalene", "wandb"),
}
# Left out without a word: they bring no name that an answer could need.
_QUIET = {
    *("matplotlib", "config", "load_ext", "reload_ext", "autoreload", "precision"),
    *("time", "timeit", "who", "whos", "pwd", "env", "xmode", "capture"),
}

_SUSPECT = re.compile(
    r"^[ \t]*(?:[%!?/,;]|(?:pip3?|conda|mamba)[ \t])|\?[ \t]*$|=[ \t]*[%!](?!=)",
    re.MULTILINE,
)
_ESCAPE = re.compile(
    r"(?P<indent>[ \t]*)(?:"
    r"(?P<sign>%%?|!!?|\?\??|[/,;])(?P<rest>.*)"
    r"|(?:pip3?|conda|mamba)[ \t]+install\b.*"
    r"|(?P<to>[^=!%#\"'(\n]*=)[ \t]*(?P<from>[%!])(?!=)(?P<value>.*)"
    r"|[^#\"'\n]*\?[ \t]*)\Z",
    re.DOTALL,
)
_END = re.compile(r"(?<!\\)\n|\Z")  # of a line and those that it goes on in
_TOKEN = re.compile(
    r"(?P<open>[([{])|(?P<close>[)\]}])|#[^\n]*|\\\n|(?P<end>\n)"
    r'|"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\Z)'
    r"|'''(?:[^'\\]|\\.|'(?!''))*+(?:'''|\Z)"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'(?:[^'\\\n]|\\.)*+'?",
    re.DOTALL,
)
_PROMPT = re.compile(r"^(?:>>>|\.\.\.)(?: |$)", re.MULTILINE)


def without_magics(text: str) -> tuple[str, list[str]]:
    """Return the Python of a cell, on the lines where it was, and what was left out.

    >>> without_magics("%matplotlib inline\\n!ls\\nx = 1")
    ('pass\\npass\\nx = 1', ['!ls'])
    >>> without_magics("%%time\\nx = 1")
    ('\\nx = 1', [])
    >>> without_magics("%%bash\\nls")
    ('', ['%%bash'])
    """
    lines = _from_the_margin(text).split("\n")
    for number, line in enumerate(lines):
        if line.startswith("%%"):
            if _name(line) not in _BODY_IS_CODE:
                return "", [shown(line, 40)]
            lines[number] = ""
        elif line.strip():
            break
    text = "\n".join(lines)
    if not _SUSPECT.search(text) or _is_python(text):
        return text, []
    return _without_lines(text)


def exported(node: ast.stmt) -> str | None:
    """Return the Python in a call that stands for a magic in an exported notebook.

    None if the statement is no such call, "" if there is no Python in it.

    >>> exported(ast.parse("get_ipython().run_line_magic('time', 'x = 1')").body[0])
    'x = 1'
    """
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return None
    shell, words = call.func.value, [getattr(one, "value", None) for one in call.args]
    if not isinstance(shell, ast.Call) or not isinstance(shell.func, ast.Name):
        return None
    if shell.func.id != "get_ipython":
        return None
    of_cell = call.func.attr == "run_cell_magic" and words[:1] != [None]
    known = _BODY_IS_CODE if of_cell else {"time"}
    code = words[-1] if len(words) > 1 and words[0] in known else ""
    return code if isinstance(code, str) else ""


def _from_the_margin(text: str) -> str:
    """Take off the indentation and the prompts of a cell, as IPython does."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    if indent := first[: len(first) - len(first.lstrip(" \t"))]:
        text = re.sub(f"^{re.escape(indent)}", "", text, flags=re.MULTILINE)
    return _PROMPT.sub("", text) if first.lstrip().startswith(">>>") else text


def _is_python(text: str) -> bool:
    try:
        parsed(text)
    except SyntaxError:
        return False
    return True


def _without_lines(text: str) -> tuple[str, list[str]]:
    """Replace magics where a statement could begin: not in strings, not in brackets."""
    parts, left_out, at = [], [], 0
    while at <= len(text):
        end = next(_END.finditer(text, at)).start()
        line = text[at:end]
        if escape := _ESCAPE.match(line):
            parts.append(_instead(escape) + "\n" * line.count("\n"))
            left_out += _worth_a_word(line.strip())
        else:
            end = _end_of_statement(text, at)
            parts.append(text[at:end])
        at = end + 1
    return "\n".join(parts), left_out


def _end_of_statement(text: str, at: int) -> int:
    """Return where the next line break is that no bracket and no string holds."""
    depth = 0
    for token in _TOKEN.finditer(text, at):
        if token["open"]:
            depth += 1
        elif token["close"]:
            depth = max(0, depth - 1)
        elif token["end"] and not depth:
            return token.start()
    return len(text)


def _instead(escape: re.Match[str]) -> str:
    """Write what stands for a magic, so that blocks keep a body and names a value."""
    code = escape["rest"] if escape["sign"] else escape["value"]
    percent = "%" in (escape["sign"], escape["from"])
    timed = (
        code.strip()[5:] if percent and code and code.split()[:1] == ["time"] else ""
    )
    start = escape["indent"] + (f"{escape['to'].lstrip()} " if escape["to"] else "")
    return start + (timed or ("None" if escape["to"] else "pass"))


def _worth_a_word(line: str) -> list[str]:
    quiet = line.startswith("?") or line.endswith("?") or _name(line) in _QUIET
    return [] if quiet else [shown(line, 40)]


def _name(line: str) -> str:
    """Return the name of the first magic of a line.

    >>> _name("%%time -n 2"), _name("x = %time f()"), _name("!ls")
    ('time', 'time', '')
    """
    found = re.search(r"%(\w+)", line)
    return found[1] if found else ""
