"""Every exercise found by listing files shows that it judges rightly.

Right answers meet the drawn calls of 20 seeds in the ordinary run, of 1000 in `make
proof`; where torch networks are built and trained, of a tenth of these. Wrong answers
meet few, for the fixed cases alone refuse each and tell it from the others: no seed
can change its verdict.
"""

import ast
import os
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from coursekit import bank
from coursekit.author.complete import exercise_faults
from coursekit.author.lesson import read_lesson
from coursekit.exercise import Exercise
from coursekit.grade.diagnose import difference, same
from coursekit.grade.judge import judge
from coursekit.grade.key import AnswerKey, answer_calls, key_of
from coursekit.grade.notebook import evaluate
from coursekit.runner.plain import Odd, plain

EXERCISES = bank.exercises()
if OWN := os.environ.get("COURSEKIT_BANK"):  # an instructor's own bank files
    EXERCISES += bank.own_exercises(Path(OWN))
LESSONS = Path(__file__).parents[2] / "notebooks" / "source"

every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.id)


def test_the_bank_is_not_empty():
    assert len(EXERCISES) >= 10


def seeds(exercise: Exercise, count: int) -> range:
    """Return the seeds to draw from: fewer where a call costs as much as a hundred."""
    return range(max(count // 10, 1) if exercise.torch else count)


def prove(exercise: Exercise, seeds: range) -> None:
    """Judge all functions of the bank file as answers, over many seeds."""
    expected = [
        (one, "passed", "") for one in (exercise.answer, *exercise.alternatives)
    ]
    expected += [(one.function, "misconception", one.name) for one in exercise.wrongs]
    key = key_of(exercise)
    for seed in seeds:
        key = AnswerKey(exercise, seed, like=key) if seed else key
        for answer, status, name in expected:
            verdict = judge(key, key.outcomes(answer), text="")
            found = verdict.status, verdict.misconception
            assert found == (status, name), f"{answer.__name__}, seed {seed}: {verdict}"


@every_exercise
def test_every_answer_in_the_file_gets_its_verdict(exercise):
    prove(exercise, seeds(exercise, 2))


@pytest.mark.proof
@every_exercise
def test_every_answer_in_the_file_gets_its_verdict_for_20_seeds(exercise):
    prove(exercise, seeds(exercise, 20))


@every_exercise
def test_every_right_answer_passes_the_drawn_calls_of_20_seeds(exercise):
    pass_what_is_drawn(exercise, seeds(exercise, 20))


@pytest.mark.proof
@every_exercise
def test_every_right_answer_passes_the_drawn_calls_of_1000_seeds(exercise):
    pass_what_is_drawn(exercise, seeds(exercise, 1000))


def pass_what_is_drawn(exercise: Exercise, seeds: range) -> None:
    """Hold every right answer to the solution in all drawn calls of these seeds."""
    drawn = [
        call
        for seed in seeds
        for call in exercise.calls(seed)
        if exercise.groups[call.group].draws is not None
    ]
    right, *others = (
        answer_calls(exercise, answer, drawn, repeat=False, seconds=0)
        for answer in (exercise.answer, *exercise.alternatives)
    )
    for answer, outcomes in zip(exercise.alternatives, others, strict=True):
        for place, case in enumerate(zip(drawn, outcomes, right, strict=True)):
            found = difference(exercise, *case)
            assert found is None, f"{answer.__name__}, drawn call {place}: {found}"


@every_exercise
def test_the_starter_alone_is_not_started(exercise):
    starter = definition(exercise, exercise.starter_source)
    assert evaluate(exercise, starter).status == "not started"


@every_exercise
def test_the_solution_alone_passes(exercise):
    """Its text needs nothing but NumPy, as in the notebook."""
    solution = definition(exercise, exercise.solution_source)
    key = key_of(exercise)
    outcomes = answer_calls(exercise, solution, key.calls)
    verdict = judge(key, outcomes, exercise.solution_source)
    assert verdict.status == "passed"
    assert verdict.points == exercise.points


def definition(exercise, text):
    namespace = {"np": np, "__name__": "learner"}
    exec(compile(text, "<cell>", "exec"), namespace)
    return namespace[exercise.id]


@every_exercise
def test_the_solution_and_its_alternatives_keep_the_rules(exercise):
    for answer in (exercise.answer, *exercise.alternatives):
        assert evaluate(exercise, answer).status == "passed"


@every_exercise
def test_fixed_cases_alone_tell_all_wrong_answers_apart(exercise):
    key = key_of(exercise)
    for one, other in combinations(exercise.wrongs, 2):
        assert any(
            not same(
                exercise,
                key.calls[place],
                key.outcome(one.function, place),
                key.outcome(other.function, place),
            )
            for place in key.fixed
        ), f"no fixed case separates {one.name} from {other.name}"


@every_exercise
def test_fixed_cases_alone_refuse_every_wrong_answer(exercise):
    key = key_of(exercise)
    for wrong in exercise.wrongs:
        assert any(
            not same(
                exercise, key.calls[n], key.outcome(wrong.function, n), key.right()[n]
            )
            for n in key.fixed
        ), f"{wrong.name} passes all fixed cases"


@every_exercise
def test_an_exercise_is_complete(exercise):
    (file,) = LESSONS.glob(f"{exercise.lesson:02}_*.py")
    lesson = read_lesson(LESSONS.parents[1], file)
    assert list(exercise_faults(exercise, lesson)) == []


def test_names_and_positions_in_the_bank_are_unique():
    assert len({one.id for one in EXERCISES}) == len(EXERCISES)
    places = {(one.lesson, one.position) for one in EXERCISES}
    assert len(places) == len(EXERCISES)


@every_exercise
def test_arguments_of_all_calls_are_plain(exercise):
    for call in exercise.calls():
        for value in call.args:
            assert not isinstance(plain(value), Odd)


@every_exercise
def test_the_starter_holds_nothing_of_the_solution(exercise):
    tree = ast.parse(exercise.path.read_text(encoding="utf-8"))
    starter = exercise.starter_source
    named = {node.id for node in ast.walk(ast.parse(starter)) if hasattr(node, "id")}
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or not node.decorator_list:
            continue
        role = ast.unparse(node.decorator_list[0])
        if role == "exercise.helper":
            assert node.name not in named
            assert f"def {node.name}" not in starter
        if role == "exercise.solution":
            body = node.body[1:] if ast.get_docstring(node) else node.body
            assert not [line for line in map(ast.unparse, body) if line in starter]
    assert "#" not in starter.removeprefix(exercise.given_source)
    assert "coursekit" not in starter


@pytest.mark.parametrize(
    "exercise", [one for one in EXERCISES if one.measure], ids=lambda one: one.id
)
def test_a_measure_can_judge_all_that_is_right(exercise):
    key = key_of(exercise)
    for answer in (exercise.answer, *exercise.alternatives):
        for outcome in key.outcomes(answer):
            if outcome.error is None:
                assert exercise.measure(outcome.value) is not None
