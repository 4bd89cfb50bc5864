"""Code cells are found however a notebook was saved, and damage is told in a line."""

import json
import tracemalloc

import pytest

from coursekit.classroom.reader import cells as module
from coursekit.classroom.reader.cells import Cell, Unreadable, cells

DEFINITION = "def corr2d(x, k):\n    return x\n"


def notebook(*sources: object, **more: object) -> dict[str, object]:
    found = [
        {"cell_type": "code", "source": one, "outputs": [], "metadata": {}}
        for one in sources
    ]
    return {"cells": found, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}


def read(content: object, name: str = "a.ipynb") -> list[Cell]:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return cells(data, name)[0]


def notes(content: object, name: str = "a.ipynb") -> list[str]:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return cells(data, name)[1]


def test_code_cells_are_counted_as_the_learner_counts_them():
    content = notebook("a = 1", "", "b = 2")
    content["cells"].insert(1, {"cell_type": "markdown", "source": "# Hello"})
    assert read(content) == [Cell("a = 1", 1), Cell("b = 2", 3)]


@pytest.mark.parametrize(
    "source",
    [
        DEFINITION,
        DEFINITION.splitlines(keepends=True),
        ["def corr2d(x, k):", "    return x", ""],
        [*DEFINITION.splitlines(keepends=True), None, 3],
        DEFINITION.replace("\n", "\r\n"),
        DEFINITION.replace("\n", "\r"),
        DEFINITION.replace("x, k", "x,\0 k"),
    ],
)
def test_a_source_is_text_or_lines_with_any_line_ends(source):
    assert read(notebook(source)) == [Cell(DEFINITION, 1)]


@pytest.mark.parametrize("source", [None, 3, {"a": 1}])
def test_a_source_that_is_no_text_costs_only_its_cell(source):
    content = notebook(source, "b = 2")
    assert read(content) == [Cell("b = 2", 2)]
    assert notes(content) == ["cell 1 holds no text: it is left out"]


def test_format_3_keeps_cells_in_worksheets_and_text_in_input():
    sheets = [
        {"cells": [{"cell_type": "heading", "source": "A", "level": 1}]},
        {"cells": [{"cell_type": "code", "input": ["a = 1"], "language": "python"}]},
        None,
        {"cells": 3},
    ]
    content = {"metadata": {}, "nbformat": 3, "worksheets": sheets}
    assert read(content) == [Cell("a = 1", 1)]
    assert notes(content) == []


@pytest.mark.parametrize(
    "content",
    [
        {"cells": [{"cell_type": "code", "source": "a = 1"}]},
        {"cells": [{"source": "a = 1"}]},
        {"cells": [None, 3, "x", {}, {"cell_type": "Code", "source": "a = 1"}]},
        [{"cell_type": "code", "source": "a = 1"}],
        notebook("a = 1", nbformat=5),
        notebook("a = 1", nbformat="five", metadata=None),
    ],
)
def test_missing_keys_cost_nothing(content):
    assert [one.text for one in read(content)] == ["a = 1"]


def test_cells_of_unknown_types_are_left_out_and_told():
    content = notebook("a = 1")
    content["cells"][:0] = [
        {"cell_type": "sql\nx", "source": "b"},
        {"cell_type": 3, "source": "c"},
        {"cell_type": "raw", "source": "d"},
    ]
    assert read(content) == [Cell("a = 1", 1)]
    assert notes(content) == [
        "a cell of an unknown type (sql x) is left out",
        "a cell of an unknown type (of no kind) is left out",
    ]


def test_what_colab_and_vs_code_save_is_read():
    content = notebook(
        "#@title Answer { display-mode: 'form' }\n!pip install torch\na = 1",
        "%%time\nb = 2",
        metadata={"colab": {"provenance": []}, "accelerator": "GPU"},
    )
    content["cells"][1]["metadata"] = {"vscode": {"languageId": "python"}}
    content["cells"][1]["outputs"] = [{"data": {"text/plain": ["Infinity"]}}]
    data = json.dumps(content, ensure_ascii=False, indent=2).encode()
    assert [one.text.split("\n")[-1] for one in read(data)] == ["a = 1", "b = 2"]
    assert notes(data) == ["cell 1: left out, for it is no Python: !pip install torch"]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"],
)
@pytest.mark.parametrize("name", ["a.ipynb", "a.py"])
def test_any_encoding_is_read(name, encoding):
    text = "# Größe\na = 1"
    whole = json.dumps(notebook(text), ensure_ascii=False) if "ipy" in name else text
    assert read(whole.encode(encoding), name) == [Cell(text, 1)]
    told = ["the file is not in UTF-8: it is read as cp1252"]
    assert notes(whole.encode(encoding), name) == (told if encoding == "cp1252" else [])


def test_a_script_says_its_encoding_but_none_that_runs_code_or_never_ends():
    text = "# -*- coding: {} -*-\ns = 'ж'\n"
    told = notes(text.format("koi8-r").encode("koi8-r"), "a.py")
    assert told == ["the file is not in UTF-8: it is read as koi8-r"]
    assert read(text.format("koi8-r").encode("koi8-r"), "a.py")[0].text.endswith(
        "'ж'\n"
    )
    told = notes(text.format("punycode").encode("koi8-r"), "a.py")
    assert told == ["the file is not in UTF-8: it is read as cp1252"]


def test_half_a_character_and_null_bytes_do_not_matter():
    data = json.dumps(notebook("a = 1  # \ud800")).encode()
    assert read(data + b"\0" * 900) == [Cell("a = 1  # ?", 1)]
    assert read(data.replace(b"cell_type", b"cell\0_type")) == [Cell("a = 1  # ?", 1)]


def test_raw_line_breaks_in_strings_and_text_behind_the_end_are_mended():
    data = b'{"cells": [{"cell_type": "code", "source": "a = 1\nb = 2"}]}\n}]} old'
    assert read(data) == [Cell("a = 1\nb = 2", 1)]
    assert notes(data) == ["what comes after the end of the notebook is left out"]


def test_of_a_key_that_comes_twice_the_last_counts_as_in_jupyter():
    assert (
        read(b'{"cells": 3, "cells": [{"source": "a", "source": "b"}]}')[0].text == "b"
    )


def test_numbers_that_python_refuses_do_not_matter():
    data = json.dumps(notebook("a = 1")).encode()
    assert read(data.replace(b'"nbformat": 4', b'"n": NaN, "m": 1' + b"0" * 9999))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty"),
        (b" \n\0\0", "The file is empty"),
        (b"\0" * 100, "The file is empty"),
        (b"{}", "no list of cells"),
        (b"[3", "cut off after 2 characters"),
        (b'{"cells": {"0": {}}}', "no list of cells"),
        (json.dumps(notebook("a = 1")).encode()[:60], "cut off after 60 characters"),
        (b'{\n"cells": [\n oops ]}', "damaged from line 3 on"),
        (b'{"cells": [\n<<<<<<< HEAD\n]}', "Git's conflict marks"),
        (b"<<<<<<< HEAD\n{}", "Git's conflict marks"),
        (b"<!DOCTYPE html><html>", "is a web page"),
        (b"PK\3\4 and so on", "is an archive"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\x89PNG\r\n\x1a\n", "is a picture"),
        (b"my homework", "neither JSON nor Python"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(data, said):
    with pytest.raises(Unreadable, match=said) as caught:
        cells(data, "a.ipynb")
    assert "\n" not in str(caught.value)


def test_a_script_is_one_cell_under_either_name_and_a_notebook_too():
    assert read(DEFINITION.encode(), "a.py") == [Cell(DEFINITION, 1)]
    assert read(DEFINITION.encode(), "a.ipynb") == [Cell(DEFINITION, 1)]
    told = ["the file holds Python and no notebook: it is read as one cell"]
    assert notes(DEFINITION.encode(), "a.ipynb") == told
    assert read(notebook("a = 1"), "a.py") == [Cell("a = 1", 1)]
    assert read(b"{1: 2}\nprint(3", "a.py") == [Cell("{1: 2}\nprint(3", 1)]


def test_a_file_above_the_limit_is_told_its_size(monkeypatch):
    monkeypatch.setattr(module, "FILE", 2_000_000)
    with pytest.raises(Unreadable, match="has 3 MB, and 2 MB are read at most"):
        cells(b" " * 3_000_000, "a.ipynb")


def test_many_pieces_are_refused_before_they_take_memory(monkeypatch):
    monkeypatch.setattr(module, "MARKS", 1000)
    with pytest.raises(Unreadable, match="more than 1000 pieces"):
        cells(b"[" + b"[]," * 1000 + b"[]]", "a.ipynb")


def test_outputs_take_no_more_memory_than_a_few_copies_of_their_text():
    outputs = [{"data": {"image/png": "iVBOR" * 20_000, "n": [1.5] * 5000}}] * 40
    content = notebook("a = 1")
    content["cells"] += [{**content["cells"][0], "outputs": outputs}]
    data = json.dumps(content).encode()
    tracemalloc.start()
    try:
        assert [one.number for one in read(data)] == [1, 2]
        assert tracemalloc.get_traced_memory()[1] < 3 * len(data)
    finally:
        tracemalloc.stop()


def test_code_above_the_limit_costs_only_its_cell(monkeypatch):
    monkeypatch.setattr(module, "CODE", 50)
    content = notebook("a = 1", "s = '" + 60 * "x" + "'", "b = 2")
    assert read(content) == [Cell("a = 1", 1), Cell("b = 2", 3)]
    said = "cell 2 is left out: at most 50 characters of code with 5000 braces are read"
    assert notes(content) == [said]


def test_braces_and_cells_above_the_limit_are_left_out(monkeypatch):
    monkeypatch.setattr(module, "BRACES", 2)
    monkeypatch.setattr(module, "CELLS", 3)
    content = notebook("a = {1}", "b = {1: {}}", "c = {3}", "d = 4")
    assert [one.number for one in read(content)] == [1, 3]
    assert notes(content) == [
        "cell 2 is left out: at most 200000 characters of code with 2 braces are read",
        "only the first 3 code cells are read",
    ]


def test_notes_are_few_however_much_is_wrong():
    content = notebook(*[3] * 1000)
    assert len(notes(content)) == 41
    assert notes(content)[-1] == "and 960 more notes"
