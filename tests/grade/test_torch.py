"""Exercises about torch: what is kept, what is loaded when, and odd networks."""

import subprocess
import sys
from textwrap import dedent

import numpy as np
import pytest
import torch
from torch import nn

from coursekit import bank
from coursekit.grade.notebook import evaluate

TORCH = [one for one in bank.exercises() if one.torch]

in_torch = pytest.mark.parametrize("exercise", TORCH, ids=lambda one: one.id)


def spoiled(right):
    """Give the right answer, but change everything global about torch."""

    def answer(*args):
        result = right(*args)
        torch.manual_seed(99)
        torch.rand(3)
        torch.set_default_dtype(torch.float64)
        torch.set_num_threads(2)
        torch.set_grad_enabled(False)
        return result

    return answer


@in_torch
@pytest.mark.parametrize("recording", [True, False])
def test_a_check_leaves_torch_as_it_was(exercise, recording):
    torch.manual_seed(5)
    numbers, before = torch.get_rng_state(), torch.get_num_threads()
    torch.set_num_threads(3)
    with torch.set_grad_enabled(recording):
        evaluate(exercise, spoiled(exercise.answer))
        assert torch.is_grad_enabled() == recording
        assert torch.get_num_threads() == 3
        torch.set_num_threads(before)
        assert torch.get_default_dtype() == torch.float32
        assert torch.equal(torch.get_rng_state(), numbers)
        assert evaluate(exercise, exercise.answer).status == "passed"


def test_the_bank_and_its_calls_load_no_torch():
    code = """
    import sys
    from coursekit import bank
    from coursekit.grade import check, hint, progress
    progress()
    for one in bank.exercises():
        one.calls(), one.starter_source, one.driver_source
    def corr2d(x, k): return 0
    check(corr2d), hint("build_lenet")
    print("torch" in sys.modules)
    """
    done = subprocess.run(
        [sys.executable, "-c", dedent(code)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def verdict_on(network):
    return repr(evaluate(bank.load("build_lenet"), lambda: network))


class Silent(nn.Linear):
    def forward(self, x):
        return None


class NoForward(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(784, 10)


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (nn.Linear, "gave the class Linear itself; make a network of it: Linear()."),
        (3, "build_lenet gave a int; return an nn.Module."),
        (Silent(784, 10), "The network gave a NoneType, no tensor."),
        (NoForward(), "The network has no method `forward(self, x)`."),
        (None, "build_lenet gave nothing. Is a `return` missing at its end?"),
    ],
)
def test_what_is_no_network_is_told_in_words(network, words):
    said = verdict_on(network)
    assert words in said
    assert "not started" not in said


def test_an_error_of_torch_is_no_exercise_that_nobody_started():
    class Forgotten(nn.Module):
        pass

    def run_it(*args):
        return Forgotten()(torch.ones(1))

    verdict = evaluate(bank.load("build_lenet"), run_it)
    assert verdict.status == "raised"
    assert 'is missing the required "forward" function' in repr(verdict)
    assert evaluate(bank.load("corr2d"), lambda x, k: run_it()).status == "raised"


def test_one_network_that_is_handed_out_twice_is_not_two():
    network = bank.load("build_lenet").answer()
    assert "in entry ['weights that two calls share']" in verdict_on(network)


def test_an_unknown_slip_in_an_epoch_names_what_differs():
    def train_epoch(model, batches, optimizer, loss_fn):
        losses = []
        for x, y in batches:
            model.train()
            loss = loss_fn(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses += [loss.item()] * len(x)
        model.eval()
        return np.mean(losses)

    verdict = repr(evaluate(bank.load("train_epoch"), train_epoch))
    assert "returned False in entry" in verdict
    assert "['training mode afterwards']; expected True." in verdict


def test_first_weights_that_the_judge_cannot_set_do_not_hide_a_slip():
    exercise = bank.load("build_lenet")
    hidden = next(one for one in exercise.wrongs if one.name == "hidden_in_a_list")
    for seed in range(3):
        torch.manual_seed(seed)
        assert evaluate(exercise, hidden.function).misconception == hidden.name
