"""Texts cut from a bank file: the starter, the solution, the driver.

The starter is made from the solution, so the two cannot drift apart: signature and
docstring stay, the body and every comment go. A driver may use NumPy and what the
starter gives, so its text brings both along.
"""

import ast
import io
import textwrap
import tokenize

NUMPY = "import numpy as np"
TODO = 'raise NotImplementedError("your code here")'

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def parts(text: str, name: str, driver: str | None = None) -> dict[str, str]:
    """Cut the bank file `text` into the texts of exercise `name`.

    >>> bank = "@exercise.solution\\ndef two():\\n    '''Return 2.'''\\n    return 2"
    >>> print(parts(bank, "two")["starter"])
    def two():
        '''Return 2.'''
        raise NotImplementedError("your code here")
    """
    lines = text.splitlines()
    chosen: dict[str, list[str]] = {role: [] for role in ("given", "helper", "driver")}
    solution, starter = "", ""
    for node in ast.parse(text).body:
        if not isinstance(node, Definition):
            continue
        role = "driver" if node.name == driver else _role(node)
        if role in chosen:
            chosen[role].append(_span(lines, node.lineno, _end(node)))
        elif role == "solution" and node.name == name:
            solution = _span(lines, node.lineno, _end(node))
            starter = _cut(lines, node)
    if driver:
        chosen["driver"] = [NUMPY, *chosen["given"], *chosen["driver"]]
    return {
        "given": "\n\n\n".join(chosen["given"]),
        "driver": "\n\n\n".join(chosen["driver"]),
        "solution": "\n\n\n".join([*chosen["given"], *chosen["helper"], solution]),
        "starter": "\n\n\n".join([*chosen["given"], starter]),
    }


def _role(node: Definition) -> str | None:
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(called, ast.Attribute):
            return called.attr
    return None


def _cut(lines: list[str], node: Definition) -> str:
    """Keep head and docstring of a definition; of a class, those of its methods."""
    first = node.body[0]
    if ast.get_docstring(node) is not None:
        head = _span(lines, node.lineno, _end(first))
    else:
        before = lines[first.lineno - 1].encode()[: first.col_offset].decode()
        head = "\n".join([*lines[node.lineno - 1 : first.lineno - 1], before])
        if first.lineno == node.lineno:
            head = before
    pieces = [_without_comments(head).rstrip()]
    indent = " " * (node.col_offset + 4)
    if isinstance(node, ast.ClassDef):
        methods = [part for part in node.body if isinstance(part, Definition)]
        pieces += [_cut(lines, method) for method in methods]
        return "\n\n".join(pieces)
    return f"{pieces[0]}\n{indent}{TODO}"


def _without_comments(head: str) -> str:
    lines = textwrap.dedent(head).splitlines()
    indent = head[: len(head) - len(head.lstrip())]
    reader = io.StringIO("\n".join(lines) + "\n").readline
    for token in tokenize.generate_tokens(reader):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column].rstrip()
    return textwrap.indent("\n".join(line for line in lines), indent)


def _end(node: ast.AST) -> int:
    return getattr(node, "end_lineno", 0)


def _span(lines: list[str], first: int, last: int) -> str:
    return "\n".join(lines[first - 1 : last])
