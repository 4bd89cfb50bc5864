"""check, hint and progress as a learner meets them: sentences, never a traceback."""

import importlib
import inspect
import os
import re
import subprocess
import sys
from textwrap import dedent

import numpy as np
import pytest

from coursekit import bank, fast
from coursekit.grade import check, hint, notebook, progress
from coursekit.grade.judge import judge
from coursekit.grade.key import AnswerKey, answer_calls
from coursekit.grade.notebook import evaluate

right = bank.load("corr2d").answer


def own(x, k):
    """A right answer that is the learner's own."""
    h, w = x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1
    places = [(i, j) for i in range(h) for j in range(w)]
    sums = [np.sum(x[i:, j:][: k.shape[0], : k.shape[1]] * k) for i, j in places]
    return np.reshape(sums, (h, w))


def one_larger(x, k):
    return np.pad(own(x, k), ((0, 1), (0, 1)))


def text(verdict):
    return repr(verdict)


def test_a_right_answer_passes_with_all_points():
    assert text(check(own, "corr2d")) == "corr2d: passed (4 of 4 points)"


def test_the_exercise_is_found_by_the_functions_name():
    def corr2d(x, k):
        raise NotImplementedError

    assert text(check(corr2d)) == (
        "corr2d: not started (0 of 4 points)\n"
        "Write your code in the cell above, run that cell, then this one."
    )


def unsolved(x, k):
    raise NotImplementedError("your code here")


def test_a_called_function_that_is_not_written_is_named():
    def convolve2d(x, k):
        return unsolved(x, k[::-1, ::-1])

    assert text(check(convolve2d)).splitlines()[1:] == [
        "`unsolved`, which your function calls, is not written yet. Solve it first, "
        "or write convolve2d without it."
    ]
    assert check(convolve2d).status == "raised"
    assert check(unsolved, "convolve2d").status == "not started"


def test_a_function_that_is_not_written_is_named_where_few_calls_reach_it():
    def convolve2d(x, k):
        turned = k[::-1, ::-1]
        return own(x, turned) if len(k) < 2 else unsolved(x, turned)

    assert "\n`unsolved`, which your function calls, is not" in text(check(convolve2d))


def test_an_own_function_that_calls_itself_unwritten_is_not_started():
    def convolve2d(x, k, again=True):
        if again:
            return convolve2d(x, k, False)
        raise NotImplementedError

    assert check(convolve2d).status == "not started"


def test_a_wrong_shape_says_what_was_asked_and_both_shapes():
    assert text(check(one_larger, "corr2d")).splitlines()[:2] == [
        "corr2d: wrong here (0 of 4 points)",
        "corr2d(x, k) with x of shape (2, 3) and k of shape (1, 2) returned shape "
        "(3, 3); expected shape (2, 2).",
    ]


def test_a_wrong_number_says_where_and_which_window_feeds_it():
    def answer(x, k):
        result = own(x, k)
        result[-1, -1] += 1
        return result

    assert text(check(answer, "corr2d")).splitlines()[1:4] == [
        "corr2d(x, k) with x = [[1, 2, 3], [4, 5, 6]] and k = [[10, 1]] returned 57 at "
        "[1, 1]; expected 56.",
        "In full: returned [[12, 23], [45, 57]]; expected [[12, 23], [45, 56]].",
        "That number is made from the window `x[1:2, 1:3] = [[5, 6]]`.",
    ]


def test_a_misconception_is_called_by_its_name():
    verdict = check(lambda x, k: own(x, k[::-1, ::-1]), "corr2d")
    assert verdict.misconception == "flipped"
    assert text(verdict).startswith("corr2d: not yet: a known mistake (0 of 4 points)")
    assert text(verdict).splitlines()[1] == next(
        one.sentence for one in bank.load("corr2d").wrongs if one.name == "flipped"
    )


def test_two_errors_at_once_are_no_misconception():
    verdict = check(lambda x, k: own(x, k[::-1, ::-1]) + 1, "corr2d")
    assert verdict.status == "wrong here"


def test_a_misconception_in_some_cases_only_is_none():
    def answer(x, k):
        return own(x, k[::-1, ::-1] if x.size > 12 else k)

    verdict = check(answer, "corr2d")
    assert verdict.status == "wrong here"
    assert 0 < verdict.points < 4


def test_an_exception_shows_the_learners_own_lines_only():
    def answer(x, k):
        return x[99]

    verdict = check(answer, "corr2d")
    assert verdict.status == "raised"
    assert text(verdict).startswith("corr2d: stopped with an error (0 of 4 points)")
    assert "raised IndexError: index 99 is out of bounds" in text(verdict)
    assert f"line {answer.__code__.co_firstlineno + 1} of answer: " in text(verdict)
    assert "run.py" not in text(verdict)


def test_fractions_added_into_integers_are_met_with_the_same_advice(toy):
    def double(x):
        out = np.zeros(x.shape, int)
        out += 2 * x
        return out

    said = text(evaluate(toy(), double))
    assert "raised UFuncTypeError: Cannot cast ufunc 'add'" in said
    assert "\nYour array holds integers, which keep no fractions: make" in said
    other = evaluate(toy(), lambda x: np.add(x, "a"))
    assert "no fractions" not in text(other)


def test_a_long_recursion_is_folded():
    def down(x):
        return down(x)

    def to(x):
        return fro(x)

    def fro(x):
        return to(x)

    said = text(check(lambda x, k: down(x), "corr2d"))
    assert re.search(r"of down: return down.x.\n +\.\.\. 9\d\d times the same", said)
    said = text(check(lambda x, k: to(x), "corr2d")).splitlines()
    assert any(
        re.search(r"\.\.\. 9\d\d more lines of the same kind", one) for one in said
    )
    assert len(said) < 25


def test_what_was_printed_in_the_failing_call_is_shown():
    def answer(x, k):
        print("my shape", x.shape)

    assert "It printed: my shape (2, 3)" in text(check(answer, "corr2d"))


def test_a_forgotten_return_is_asked_after():
    assert "returned None.\nIs a `return` missing" in text(
        check(lambda x, k: None, "corr2d")
    )


def test_a_changed_argument_is_named():
    def answer(x, k):
        result = own(x, k)
        k[...] = 0
        return result

    assert "changed its argument k.\nWork on a copy: k = k.copy()." in text(
        check(answer, "corr2d")
    )


def test_an_answer_that_depends_on_the_calls_before_is_found_out():
    calls = []

    def answer(x, k):
        calls.append(None)
        return own(x, k) * (1 if len(calls) % 2 else 2)

    assert "gave another answer when it was called again" in text(
        check(answer, "corr2d")
    )


def test_another_signature_says_both():
    said = text(check(lambda image: image, "corr2d"))
    assert "calls corr2d(x, k); yours is corr2d(image)" in said


def test_an_argument_with_a_default_is_named_where_it_is_missing():
    said = text(check(lambda n, m: n * m * 4 / 1e9, "weight_gigabytes"))
    wanted = "calls weight_gigabytes(n_in, n_out, bytes_per_weight); yours is"
    assert f"{wanted} weight_gigabytes(n, m)" in said
    said = text(check(lambda n, m, size: n * m * size / 1e9, "weight_gigabytes"))
    wanted = "calls weight_gigabytes(n_in, n_out); yours is"
    assert f"{wanted} weight_gigabytes(n, m, size)" in said


def test_a_function_that_a_driver_hands_over_is_named_in_the_report():
    said = text(check(lambda f, x, dy, dx, margin: 0.5, "equivariance_error"))
    assert "with f = 'inverted', x = [[1, 2, 3]], dy = 0, dx = 1 and margin" in said


def test_an_argument_that_a_driver_hands_over_may_not_be_changed():
    right = bank.load("equivariance_error").answer

    def answer(f, x, *more):
        result = right(f, x, *more)
        x += 1
        return result

    verdict = evaluate(bank.load("equivariance_error"), answer)
    assert "changed its argument x" in text(verdict)


def test_a_rule_that_is_broken_says_by_what():
    def corr2d_windows(x, k):
        return helper(x, k)

    def helper(x, k):
        return own(x, k)

    verdict = check(corr2d_windows)
    assert verdict.status == "refused"
    assert text(verdict).splitlines()[0] == (
        "corr2d_windows: not accepted (0 of 4 points)"
    )
    assert "but not the way to them. This exercise asks for whole-array" in text(
        verdict
    )


def test_a_loop_in_a_helper_is_a_loop_too():
    verdict = check(by_helper, "corr2d_windows")
    assert text(verdict).endswith(
        "Yours has, in `own`: `places = [(i, j) for i in range(h) for j in range(w)]`"
    )
    assert verdict.points == 0


def by_helper(x, k):
    return own(x, k)


def test_a_difference_in_one_of_several_results_names_it():
    said = text(check(lambda x, k: (2.0, 4), "corr2d_out_shape"))
    assert "returned the number 2.0 in entry [0]; expected the whole number 2." in said


def test_a_function_whose_text_is_lost_cannot_keep_a_rule():
    namespace = {"np": np}
    windows = "np.lib.stride_tricks.sliding_window_view(x, k.shape)"
    exec(f"def f(x, k): return np.einsum('ijab,ab->ij', {windows}, k)", namespace)
    verdict = check(namespace["f"], "corr2d_windows")
    assert "the text of your function cannot be read" in text(verdict)


@pytest.mark.parametrize(
    "answer",
    [
        fast.corr2d,
        right,
        lambda x, k: fast.corr2d(x, k),
        lambda x, k: next(right(x, k) for _ in range(1)),
    ],
)
def test_the_courses_own_code_is_not_an_answer(answer):
    verdict = check(answer, "corr2d")
    assert verdict.status == "refused"
    assert "the course's own code. Write the function yourself" in text(verdict)


def test_an_import_inside_the_function_is_seen():
    def answer(x, k):
        from coursekit.ops import corr2d

        return corr2d(x, k)

    assert "This uses coursekit.ops" in text(check(answer, "corr2d"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("corr2d",), "without quotes: check(corr2d)."),
        ((3,), "got an int. Hand over the name of the function"),
        ((np.ones(2),), "got a ndarray"),
        ((lambda x: x,), 'Say which one: check(f, "corr2d").'),
        ((own, 3), "The second argument is an exercise's name in quotes"),
        ((own,), "There is no exercise called 'own'."),
        ((own, "cor2d"), "Did you mean corr2d or "),
    ],
)
def test_what_cannot_be_checked_gets_a_sentence(arguments, sentence):
    verdict = check(*arguments)
    assert verdict.status == "refused"
    assert sentence in text(verdict)


def test_a_fault_of_the_check_itself_is_a_sentence_too(monkeypatch):
    def broken(*args):
        raise ZeroDivisionError("inside")

    monkeypatch.setattr(notebook, "evaluate", broken)
    said = text(check(own, "corr2d"))
    assert "The check itself failed (ZeroDivisionError: inside)" in said


# Toy exercises


def test_an_endless_loop_ends_in_a_sentence(toy):
    def double(x):
        while True:
            pass

    verdict = evaluate(toy("seconds=0.05"), double)
    assert text(verdict).startswith("double: did not finish (0 of 3 points)\n")
    assert "did not finish in 0.05 s. Is there a loop that never ends?" in text(verdict)


def test_a_call_that_was_never_reached_is_not_the_one_that_is_shown(toy):
    def double(x):
        while x.ndim == 1:
            pass
        return 2 * x

    assert "'hidden ones': it did not finish" in text(
        evaluate(toy("seconds=0.05"), double)
    )


def test_advice_for_all_is_not_given_beside_a_misconception(toy):
    assert "copy()" not in text(evaluate(toy(), toy().wrongs[1].function))


def test_of_a_hidden_case_only_group_and_kind_are_told(toy):
    def double(x):
        print(x)
        if x.ndim == 1:
            raise ValueError(f"leak {x}")
        return 2 * x

    verdict = evaluate(toy(), double)
    said = text(verdict) + verdict._repr_html_()
    assert "In a hidden case of the group 'hidden ones': it raised ValueError." in said
    assert "12345" not in said
    assert "24691" not in said
    assert verdict.points == 2


def test_of_a_hidden_case_no_exceptions_name_tells_the_numbers(toy):
    def double(x):
        if x.ndim == 1:
            raise type(f"Seen{x}", (KeyError,), {})
        return 2 * x

    verdict = evaluate(toy(), double)
    assert verdict.failure.kind == "it raised KeyError"
    assert "12345" not in f"{verdict}{verdict.failure}"


def test_a_shown_failure_goes_before_a_smaller_hidden_one(toy):
    verdict = evaluate(toy(), lambda x: x)
    assert verdict.failure.group == "shown ones"


def test_the_smallest_failing_call_is_shown(toy):
    verdict = evaluate(toy(), lambda x: x)
    assert verdict.failure.args["x"].size == 3


def test_a_group_earns_its_points_only_as_a_whole(toy):
    verdict = evaluate(toy(), lambda x: x if x.shape == (2, 2) else 2 * x)
    assert [group.earned for group in verdict.groups] == [0, 1, 1]
    assert verdict.points == 2


def test_a_key_like_another_takes_over_what_does_not_depend_on_the_seed(toy):
    first = AnswerKey(toy(), 0)
    before = first.right()
    second = AnswerKey(first.exercise, 1, like=first)
    kept = [one is other for one, other in zip(before, second.right(), strict=True)]
    assert kept[:3] == [True] * 3
    assert not any(kept[3:])
    assert (second.right()[-1].value == 2 * second.calls[-1].args[0]).all()


def test_a_wrong_answer_that_a_fixed_call_rules_out_is_not_tried_on_drawn_ones(
    toy, monkeypatch
):
    key, asked = AnswerKey(toy()), set()
    # Right in the fixed calls: the smallest call that fails is a drawn one.
    outcomes = answer_calls(
        key.exercise, lambda x: x**2 if x.shape == (2, 3) else 2 * x, key.calls
    )
    key.right()
    of = AnswerKey._known
    monkeypatch.setattr(key, "_known", lambda at: asked.add(at) or of(key, at))
    assert judge(key, outcomes).status == "wrong here"
    assert asked
    assert asked <= key.fixed


def test_a_misconception_explains_what_happens_to_the_arguments_too(toy):
    def double(x):
        result = x**2
        x += 1
        return result

    assert evaluate(toy(), double).status == "wrong here"
    assert evaluate(toy(), lambda x: x**2).misconception == "squared"


def test_a_graded_dtype_is_graded(toy):
    def double(x):
        return (2 * x).astype(np.float32)

    assert evaluate(toy(), double).status == "passed"
    verdict = evaluate(toy("dtype_graded=True"), double)
    assert "returned dtype float32; expected dtype float64" in text(verdict)


def test_a_measure_decides_where_many_answers_are_right(toy):
    measured = toy("measure=lambda value: bool((value > 0).all())")
    verdict = evaluate(measured, lambda x: -np.abs(x) - 1)
    assert "was judged as False; expected True." in text(verdict)
    assert evaluate(measured, lambda x: 2 * x + 0.0).status == "passed"
    partial = toy("measure=lambda value: 1 / int(value.max() > -1)")
    verdict = evaluate(partial, lambda x: -np.abs(x) - 2)
    assert "was judged as a value that cannot be judged" in text(verdict)


def test_random_answers_may_differ_between_calls(toy):
    calls = []

    def double(x):
        calls.append(None)
        return 2 * x + (len(calls) % 2 == 0) * 1e-3

    assert "again" in text(evaluate(toy("tolerance=1e9"), double))
    loose = toy("tolerance=1e14, random=True")
    assert evaluate(loose, double).status == "passed"


def test_another_seed_draws_other_cases(toy):
    exercise = toy()
    drawn = [exercise.calls(seed)[-1].args[0].tolist() for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_where_the_solution_raises_the_answer_has_to(bank_file):
    exercise = bank_file(
        "l1_01_half",
        '''
        """Halve it"""
        from coursekit.exercise import Exercise

        exercise = Exercise(
            __name__, points=1, difficulty=1, minutes=1, section="", hints=("",) * 3
        )

        @exercise.solution
        def half(n):
            if n % 2:
                raise ValueError(n)
            return n // 2

        @exercise.wrong("You rounded.")
        def rounded(n):
            return n // 2

        @exercise.cases("all", points=1)
        def every():
            yield (4,)
            yield (5,)
        ''',
    )

    def half(n, error=UnicodeError):
        if n % 2:
            raise error("odd")
        return n // 2

    assert evaluate(exercise, half).status == "passed"
    assert evaluate(exercise, lambda n: n // 2).misconception == "rounded"
    assert "returned the number 2.0; expected the whole number 2" in text(
        evaluate(exercise, lambda n: n / 2)
    )
    verdict = evaluate(exercise, lambda n: half(n, KeyError))
    assert "raised KeyError: 'odd'; expected a ValueError." in text(verdict)


CLASS_BANK = '''
"""Write a counter"""
from coursekit.exercise import Exercise

def drive(counter, start, steps):
    """Step a counter a few times and return what it says."""
    one = counter(start)
    return [one.step() for _ in range(steps)]

exercise = Exercise(
    __name__, points=1, difficulty=1, minutes=1, section="", hints=("",) * 3,
    driver=drive,
)

@exercise.solution
class Counter:
    """Counts."""

    def __init__(self, start):
        """Start at `start`."""
        self.n = start  # the secret

    def step(self):
        self.n += 1
        return self.n

@exercise.wrong("You counted down.")
class Down(Counter):
    def step(self):
        self.n -= 1
        return self.n

@exercise.cases("steps", points=1)
def steps():
    yield 3, 2
'''


def test_a_class_is_judged_through_its_driver(bank_file):
    exercise = bank_file("l1_02_Counter", CLASS_BANK)

    class Counter:
        def __init__(self, start):
            self.values = iter(range(start + 1, 100))

        def step(self):
            return next(self.values)

    assert evaluate(exercise, Counter).status == "passed"
    assert evaluate(exercise, exercise.wrongs[0].function).misconception == "Down"
    namespace = {}
    exec(exercise.starter_source, namespace)
    assert evaluate(exercise, namespace["Counter"]).status == "not started"


# Hints and progress


def test_a_hint_is_the_same_at_every_call():
    ladder = bank.load("corr2d").hints
    assert repr(hint("corr2d")) == repr(hint("corr2d", 1)) == repr(hint(own_corr2d()))
    assert repr(hint("corr2d", 2)) == f"Hint 2 of 3 for corr2d\n{ladder[1]}"
    assert hint("corr2d", 3)._repr_markdown_().endswith(ladder[2])


def own_corr2d():
    def corr2d(x, k): ...

    return corr2d


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("cor2d",), "Did you mean corr2d"),
        (("corr2d", 4), "corr2d has 3 hints; you asked for 4. Ask for one from 1 to 3"),
        (("corr2d", 0), "you asked for 0"),
        (("corr2d", 2.0), "you asked for 2.0. Ask for one from 1 to 3"),
        ((3,), "There is no exercise called '3'"),
    ],
)
def test_a_hint_that_does_not_exist_is_a_sentence(arguments, sentence):
    assert sentence in repr(hint(*arguments))


def test_progress_lists_the_exercises_of_a_lesson():
    table = progress(2)
    assert [row.id for row in table.rows] == [one.id for one in bank.exercises(2)]
    assert "No progress is kept here" in repr(table)


def test_importing_check_and_using_it_loads_nothing_heavy():
    code = """
    import sys
    from coursekit.grade import check
    def corr2d(x, k): return 0
    repr(check(corr2d)), check(corr2d)._repr_html_()
    heavy = {"torch", "matplotlib", "scipy", "IPython", "coursekit.ops"}
    print(sorted(heavy & set(sys.modules)))
    """
    done = subprocess.run(
        [sys.executable, "-c", dedent(code)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_the_solution_runs_once_however_often_an_answer_is_checked(toy):
    exercise, runs = toy(), []
    right = exercise.answer

    def double(x):
        runs.append(x)
        return right(x)

    exercise.solution(double)
    evaluate(exercise, lambda x: x + x)
    once = len(runs)
    evaluate(exercise, lambda x: x + x)
    assert len(runs) == once > 0


def in_a_shell(folder, *cells):
    """Run cells in a real IPython shell of another process; return what it printed."""
    code = f"""
    from IPython.core.interactiveshell import InteractiveShell
    shell = InteractiveShell.instance()
    for cell in {list(cells)!r}:
        shell.run_cell(cell, store_history=True).raise_error()
    """
    done = subprocess.run(
        [sys.executable, "-c", dedent(code)],
        env={**os.environ, "IPYTHONDIR": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


WINDOWS = """\
def corr2d_windows(x, k):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return np.einsum("ijab,ab->ij", windows, k)
"""
IMPORTS = "import numpy as np\nfrom coursekit.grade import check"


@pytest.mark.parametrize("magic", ["%%time", "%%capture", "%%time\n%%capture"])
def test_the_text_under_a_cell_magic_is_read(tmp_path, magic):
    rest = "\nfor n in range(2):\n    corr2d_windows\n%precision 3\n"
    cells = IMPORTS, f"{magic}\n\n{WINDOWS}{rest}", "print(check(corr2d_windows))"
    assert "corr2d_windows: passed" in in_a_shell(tmp_path, *cells)


def test_a_loop_under_a_cell_magic_is_a_loop(tmp_path):
    loop = WINDOWS.replace("return", "for n in (): pass\n    return")
    cells = IMPORTS, f"%%time\n{loop}", "print(check(corr2d_windows))"
    said = in_a_shell(tmp_path, *cells)
    assert "Yours has, in `corr2d_windows`: `for n in (): pass`" in said


def test_a_loop_in_a_file_of_ones_own_is_a_loop(tmp_path, monkeypatch):
    source = f"import numpy as np\n\n\n{inspect.getsource(own)}"
    (tmp_path / "own_loops.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    own_loops = importlib.import_module("own_loops")

    def corr2d_windows(x, k):
        return own_loops.own(x, k)

    verdict = check(corr2d_windows)
    del sys.modules["own_loops"]
    assert "Yours has, in `own`: `places = [" in text(verdict)


def test_a_function_under_another_name_is_still_that_function():
    slid = np.lib.stride_tricks.sliding_window_view
    reached = np.vectorize

    def corr2d_windows(x, k):
        reached(abs)
        return np.einsum("ijab,ab->ij", slid(x, k.shape), k)

    verdict = check(corr2d_windows)
    assert "Yours has: `from numpy import vectorize`" in text(verdict)


def test_what_is_put_in_the_place_of_numpys_functions_changes_no_verdict(monkeypatch):
    def corr2d(x, k):
        np.max = np.min
        return own(x, k)

    theirs = lambda *args, **options: 7.0  # noqa: E731
    monkeypatch.setattr(np, "sum", theirs)
    monkeypatch.setattr(np, "max", np.max)
    monkeypatch.delattr(np, "prod")
    verdict = check(lambda x, k: np.full(own(x, k).shape, 7.0), "corr2d")
    assert verdict.status == "wrong here"
    assert "`numpy.prod` is not its own any more: something else" in text(verdict)
    assert np.sum is theirs
    assert not hasattr(np, "prod")
    assert "passed" in text(check(corr2d))
    assert np.max is not np.min


def test_what_is_put_in_the_place_of_pythons_functions_changes_no_verdict(monkeypatch):
    monkeypatch.setattr("builtins.max", min)
    monkeypatch.setattr("math.floor", int)
    said = text(check(bank.load("softmax_cross_entropy").wrongs[0].function, "corr2d"))
    assert "is not its own any more" not in said  # refused before anything ran
    assert "`math.floor` is not its own" in text(check(own, "corr2d"))


def test_numpys_own_warnings_are_no_errors_in_the_reference():
    with np.errstate(all="raise"):
        assert check(own, "corr2d").status == "passed"


def test_a_folder_that_is_gone_costs_no_verdict(tmp_path, monkeypatch):
    here = tmp_path / "gone"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.delenv("COURSEKIT_PROGRESS", raising=False)
    here.rmdir()
    verdict = check(own, "corr2d")
    assert verdict.status == "passed"


def test_a_verdict_that_is_changed_changes_no_later_one():
    wrong = check(one_larger, "corr2d")
    wrong.failure.expected[...] = 0
    wrong.failure.args["x"][...] = 0
    assert check(own, "corr2d").status == "passed"
    assert text(check(one_larger, "corr2d")) == text(check(one_larger, "corr2d"))


def test_a_display_in_an_answer_is_held_back(tmp_path):
    cell = """
def corr2d(x, k):
    display("seen")
    plt.plot([1])
    plt.show()
    return x
"""
    start = f"{IMPORTS}\nimport matplotlib\nimport matplotlib.pyplot as plt"
    said = in_a_shell(tmp_path, start, cell, "print(check(corr2d).status, flush=True)")
    assert said == "wrong here\n"


def test_the_reference_is_computed_once(monkeypatch):
    exercise = bank.load("corr2d")
    check(own, "corr2d")
    monkeypatch.setattr(exercise, "calls", None)
    assert check(own, "corr2d").status == "passed"


def test_an_exception_without_a_name_is_an_error_all_the_same():
    kind = type("", (BaseException,), {})

    def nameless(x, k):
        raise kind

    verdict = check(nameless, "corr2d")
    assert verdict.status == "raised"
    assert "the check itself failed" not in text(verdict).lower()
