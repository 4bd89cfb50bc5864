"""The report on a class: a page for its instructor, and the same in plain text."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from coursekit.classroom import charts, page
from coursekit.classroom.alike import Alike, Pair
from coursekit.classroom.grades import OVERRIDDEN, Row
from coursekit.classroom.result import NOT_GRADED
from coursekit.classroom.sheets import clean, counted, number
from coursekit.classroom.survey import STATUSES, Mistake, Survey, Work
from coursekit.grade.findings import PASSED, in_words
from coursekit.tables import Table

LECTURE = 3  # sentences that are worth saying to all
FIRST = 40  # lines of a long list, and pairs that are alike

_LOOK = (
    "A list to look at, never a verdict: a short exercise has few good answers. Names, "
    "comments and type hints play no part; what the course gives out is left out."
)
_WORDS = {PASSED: "solved", OVERRIDDEN: "points by hand"}


class Part(NamedTuple):
    """One part of the report: sentences, then a table, with a chart on a page."""

    title: str
    said: Sequence[str]
    table: Table | None = None
    chart: str = ""


def report_html(survey: Survey, alike: Alike | None = None) -> str:
    """Write the page; it links to the pages in the folder feedback beside it."""
    body = []
    for part in [*_parts(survey, alike), _people(survey.grades.rows)]:
        body.append(f"<h2>{page.said(part.title)}</h2>")
        if part.chart:
            body.append(page.wide(part.chart, f"{part.title}, drawn"))
        body.append(page.listed(part.said))
        if part.table:
            body.append(page.wide(part.table.html(), part.title))
    return page.page("Class report", body, charts.STYLE)


def report_text(survey: Survey, alike: Alike | None = None) -> str:
    """Write the same without charts, and the first lines only of a long list."""
    lines = ["Class report"]
    for title, said, table, _ in _parts(survey, alike):
        lines += ["", title, "-" * len(title), *(f"- {clean(one)}" for one in said)]
        if table:
            lines.append(table._replace(rows=table.rows[:FIRST]).text())
        if table and len(table.rows) > FIRST:
            lines.append(f"and {len(table.rows) - FIRST} more: see the page")
    return "\n".join([*lines, ""])


def _parts(survey: Survey, alike: Alike | None) -> Iterator[Part]:
    yield Part("The class", list(_class(survey)))
    if said := list(map(_mistake, survey.mistakes[:LECTURE])):
        yield Part("To say in the next lecture", said)
    if survey.bins:
        yield _totals(survey)
    if survey.works:
        yield _exercises(survey.works)
    if said := list(_extremes(survey)):
        yield Part("Solved by everybody, by nobody", said)
    if survey.mistakes:
        yield _mistakes(survey.mistakes)
    if rows := [[grade.learner, grade.exercise] for grade in survey.unfinished]:
        yield Part("Out of time", (), _table(("learner", "exercise"), rows))
    if survey.problems:
        yield Part("Not graded", (), _table(("file", "why"), survey.problems))
    if alike is not None:
        yield _alike(alike)


def _class(survey: Survey) -> Iterator[str]:
    handed, graded = len(survey.handed_in), len(survey.graded)
    yield f"{counted(len(survey.grades.rows), 'learner')}, {handed} handed something in"
    yield f"{graded} graded, {handed - graded} could not be graded"
    some = sum(
        any(grade.status == NOT_GRADED for grade in row.grades) for row in survey.graded
    )
    if some:
        yield f"{some} of those graded have an exercise that could not be graded"
    if files := len(survey.grades.matches.unmatched):
        yield f"{counted(files, 'file')} of nobody in the class"
    for isolation, results in survey.isolation.items():
        yield f"isolation of {counted(results, 'result')}: {isolation}"


def _mistake(one: Mistake) -> str:
    return (
        f"{one.sentence} ({one.exercise}: {one.learners} of {one.tried} who tried, "
        f"{one.share:.0%})"
    )


def _totals(survey: Survey) -> Part:
    bins = [
        (f"{number(one.low)} to {number(one.high)}", one.learners)
        for one in survey.bins
    ]
    totals = sorted(row.total for row in survey.handed_in)
    middle = (totals[(len(totals) - 1) // 2] + totals[len(totals) // 2]) / 2
    out_of = number(max(row.out_of for row in survey.grades.rows))
    said = [f"median {number(middle)} of {out_of} points, of those who handed in"]
    columns = [(number(one.low), one.learners) for one in survey.bins]
    chart = charts.histogram(columns, "How many learners have which total: next table")
    rows = [(points, str(learners)) for points, learners in bins]
    return Part("Totals", said, _table(("points", "learners"), rows, 1), chart)


def _exercises(works: Sequence[Work]) -> Part:
    """Count the learners by exercise and status; statuses of nobody are left out."""
    statuses = [s for s in STATUSES if any(s in work.counts for work in works)]
    rows = [
        [work.exercise, *(str(work.counts.get(s, 0)) for s in statuses)]
        for work in works
    ]
    bars = [
        (work.exercise, {_word(s): n for s, n in work.counts.items()}) for work in works
    ]
    heads = ["exercise", *map(_word, statuses)]
    about = "How each exercise went: the numbers are in the table"
    chart = charts.stacked(bars, list(map(_word, STATUSES)), about)
    return Part("Exercises", (), _table(heads, rows, 1), chart)


def _word(status: str) -> str:
    return _WORDS.get(status) or in_words(status).removeprefix("not yet: ")


def _extremes(survey: Survey) -> Iterator[str]:
    for work in survey.works:
        if work.tried and work.solved == work.tried:
            yield f"{work.exercise}: solved by all {work.tried} who tried"
        elif not work.solved:
            yield f"{work.exercise}: solved by nobody, {work.tried} tried"


def _mistakes(mistakes: Sequence[Mistake]) -> Part:
    rows = [
        [one.exercise, f"{one.learners} of {one.tried} who tried", one.sentence]
        for one in mistakes
    ]
    heads = ["exercise", "learners", "what to say"]
    return Part("Known mistakes", (), _table(heads, rows))


def _alike(alike: Alike) -> Part:
    said = [_LOOK, f"{counted(alike.compared, 'answer')} compared"]
    if alike.left_out:
        said.append(f"{alike.left_out} left out: too long, or no Python")
    said += [
        f"{one.exercise}: {one.learners} learners gave one answer, not listed as pairs"
        for one in alike.common[:FIRST]
    ]
    if more := len(alike.pairs) - FIRST:
        said += [f"{more} more pairs, with less in common"] if more > 0 else []
    rows = list(map(_pair, alike.pairs[:FIRST]))
    heads = ("learner", "and", "exercises")
    table = _table(heads, rows) if rows else None
    return Part("Suspiciously alike", said if rows else [*said, "no pair"], table)


def _pair(pair: Pair) -> list[str]:
    shared = ", ".join(f"{one.exercise} {one.likeness:.0%}" for one in pair.shared)
    return [*pair.learners, shared]


def _people(rows: Sequence[Row]) -> Part:
    heads = ("learner", "total", "late")
    links = {
        str(row.person): f"feedback/{page.file_name(row.person.id)}" for row in rows
    }
    lines = [[str(row.person), number(row.total), row.late] for row in rows]
    return Part("Learners", (), Table(heads, lines, heads[1:2], heads[0], links))


def _table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], numbers: int | None = None
) -> Table:
    """Clean the cells of a table; columns from `numbers` on hold numbers."""
    cells = [list(map(clean, row)) for row in rows]
    return Table(heads, cells, heads[numbers:] if numbers else (), heads[0])
