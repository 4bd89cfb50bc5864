"""Gradescope's results.json: one learner's results as a list of tests.

All points are in tests that the learner sees: Gradescope shows no total while a test
that has points is hidden. What is for the instructor alone is in a test that is never
shown and has none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from coursekit.classroom.exports.junit import cleaned
from coursekit.exercise import Exercise
from coursekit.grade.findings import PASSED, in_words
from coursekit.grade.markup import code, paragraph
from coursekit.grade.report import as_html

if TYPE_CHECKING:
    from coursekit.classroom.results import Result

VISIBILITIES = ("visible", "after_due_date", "after_published")


def document(
    results: Iterable[Result],
    exercises: Sequence[Exercise],
    *,
    visibility: str = "visible",
    leaderboard: bool = False,
    notes: Sequence[str] = (),
) -> bytes:
    """Write one learner's results as results.json, in the order of the exercises.

    An exercise without a result counts nothing and says so. A leaderboard is seen by
    the whole class.
    """
    own = {result.exercise: result for result in results}
    pairs = [(exercise, own.get(exercise.id)) for exercise in exercises]
    tests = [_test(exercise, result, visibility) for exercise, result in pairs]
    found = [result for _, result in pairs if result]
    score = sum(test["score"] for test in tests)
    content: dict[str, Any] = {
        "score": score,
        "output": cleaned("\n".join(notes)),
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": [*tests, *_for_the_instructor(found)],
    }
    if leaderboard:
        passed = sum(result.status == PASSED for result in found)
        content["leaderboard"] = [
            {"name": "Points", "value": score},
            {"name": "Exercises passed", "value": passed},
        ]
    return json.dumps(content, indent=1, allow_nan=False).encode("ascii") + b"\n"


def _test(exercise: Exercise, result: Result | None, visibility: str) -> dict[str, Any]:
    passed = result is not None and result.status == PASSED
    return {
        "number": f"{exercise.lesson}.{exercise.position}",
        "name": f"{exercise.id}: {exercise.title}",
        "name_format": "text",
        "score": float(result.points) if result else 0.0,
        "max_score": float(exercise.points),
        "status": "passed" if passed else "failed",
        "output": _html(result) if result else paragraph("Not handed in."),
        "output_format": "html",
        "tags": [f"lesson {exercise.lesson}", f"difficulty {exercise.difficulty}"],
        "visibility": visibility,
    }


def _html(result: Result) -> str:
    if result.findings is None:
        said = result.problem or result.sentence or in_words(result.status)
        shown = paragraph(said)
    else:
        shown = as_html(result.findings)
    return cleaned("".join([shown, *map(paragraph, result.notes)]))


def _for_the_instructor(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Make one test that no learner is shown: what judged, and what was found."""
    if not results:
        return []
    lines = [
        " | ".join(
            filter(
                None,
                (one.exercise, one.status, one.misconception, one.file, one.bank),
            )
        )
        for one in results
    ]
    walls = sorted({one.isolation for one in results if one.isolation})
    seeds = sorted({one.seed for one in results})
    said = "\n".join([*lines, *walls, *(f"seed {seed}" for seed in seeds)])
    return [
        {
            "name": "For the instructor",
            "name_format": "text",
            "score": 0.0,
            "max_score": 0.0,
            "output": code(cleaned(said)),
            "output_format": "html",
            "visibility": "hidden",
        }
    ]
