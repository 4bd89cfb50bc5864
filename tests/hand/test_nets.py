"""Networks small enough to run on paper, and what learning keeps."""

import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from tqdm import auto, tqdm

from coursekit import count, nets
from coursekit.nets import (
    AvgPool2d,
    Conv2d,
    Flatten,
    GlobalAvgPool2d,
    Linear,
    MaxPool2d,
    Parallel,
    ReLU,
    backward,
    forward,
    init,
    learning,
    loop,
    sgd_step,
    train,
)

QUIET = {"progress": False}
SMALL = (Flatten(), Linear(4, 3), ReLU(), Linear(3, 2))


def examples(n=12):
    """Draw pictures of 1x2x2; the label says whether the first pixel is positive."""
    images = np.random.default_rng(3).standard_normal((n, 1, 2, 2))
    return images, (images[:, 0, 0, 0] > 0).astype(int)


def test_a_layer_prints_as_one_writes_it():
    assert repr(nets.LENET[0]) == "Conv2d(1, 6, 5, padding=2)"
    assert repr(AvgPool2d(2, stride=1)) == "AvgPool2d(2, stride=1)"
    assert repr(Parallel(((ReLU(),),))) == "Parallel(((ReLU(),),))"
    assert eval(repr(nets.INCEPTION_BLOCK), vars(nets)) == nets.INCEPTION_BLOCK


def test_a_network_runs_layer_by_layer():
    network = (Conv2d(1, 1, 2), ReLU(), MaxPool2d((1, 2)), Flatten(), Linear(2, 1))
    params = [
        np.array([[[[0.0, 1], [2, 3]]]]), np.array([-20.0]),
        np.array([[1.0, 10]]), np.array([0.5]),
    ]  # fmt: skip
    x = np.arange(9.0).reshape(1, 1, 3, 3)
    out, saved = forward(network, params, x)  # [[19, 25], [37, 43]] less 20
    assert_array_equal(saved[1], [[[[-1, 5], [17, 23]]]])
    assert_array_equal(saved[2], [[[[0, 5], [17, 23]]]])
    assert_array_equal(saved[4], [[5, 23]])
    assert_array_equal(out, [[5 + 230 + 0.5]])


def test_a_list_of_layers_is_the_same_network_as_their_tuple():
    x, labels = examples()
    params, listed = init(list(SMALL), np.random.default_rng(0)), list(SMALL)
    assert nets.param_shapes(listed) == nets.param_shapes(SMALL)
    assert nets.out_shape(listed, (1, 2, 2)) == (2,)
    assert count.macs(listed, (1, 2, 2)) == count.macs(SMALL, (1, 2, 2)) == 18
    assert count.params(listed) == count.params(SMALL)
    assert repr(count.ledger(listed, (1, 2, 2))) == repr(count.ledger(SMALL, (1, 2, 2)))
    out, saved = forward(listed, params, x)
    assert_array_equal(out, forward(SMALL, params, x)[0])
    assert_array_equal(backward(listed, params, saved, out)[0].shape, x.shape)
    assert nets.loss_and_gradients(listed, params, x, labels)[0] > 0
    assert Parallel([[ReLU()], SMALL]) == Parallel(((ReLU(),), SMALL))


def test_one_layer_alone_is_a_network():
    x = np.ones((1, 4))
    out, saved = forward(Linear(4, 2), [np.ones((2, 4)), np.zeros(2)], x)
    assert_array_equal(out, [[4, 4]])
    back = backward(Linear(4, 2), [np.ones((2, 4)), np.zeros(2)], saved, out)
    assert_array_equal(back[0], [[8, 8, 8, 8]])


def test_gradients_come_back_in_the_order_of_the_parameters():
    network = (Conv2d(1, 1, 2), ReLU(), MaxPool2d((1, 2)), Flatten(), Linear(2, 1))
    params = [
        np.array([[[[0.0, 1], [2, 3]]]]), np.array([-20.0]),
        np.array([[1.0, 10]]), np.array([0.5]),
    ]  # fmt: skip
    x = np.arange(9.0).reshape(1, 1, 3, 3)
    _, saved = forward(network, params, x)
    x_gradient, grads = backward(network, params, saved, np.array([[2.0]]))
    top, bottom = x[0, 0, :2, 1:], x[0, 0, 1:, 1:]  # the windows that won
    assert_array_equal(grads[0][0, 0], 2 * top + 20 * bottom)
    assert_array_equal(grads[1], [22])
    assert_array_equal(grads[2], [[10, 46]])
    assert_array_equal(grads[3], [2])
    assert_array_equal(x_gradient[0, 0], [[0, 0, 2], [0, 4, 26], [0, 40, 60]])


def test_branches_see_the_same_input_and_their_gradients_add_up():
    double, triple = Conv2d(1, 1, 1, bias=False), Conv2d(1, 2, 1)
    network = (Parallel(((double,), (triple, ReLU()), ())),)
    params = [
        np.full((1, 1, 1, 1), 2.0),
        np.array([3.0, -3]).reshape(2, 1, 1, 1), np.array([0.0, 1]),
    ]  # fmt: skip
    x = np.array([[[[5.0]]]])
    out, saved = forward(network, params, x)
    assert_array_equal(out[0, :, 0, 0], [10, 15, 0, 5])
    upstream = np.array([1.0, 10, 100, 1000]).reshape(1, 4, 1, 1)
    x_gradient, grads = backward(network, params, saved, upstream)
    assert x_gradient.item() == 2 + 30 + 1000
    assert [g.ravel().tolist() for g in grads] == [[5], [50, 0], [10, 0]]


def test_a_global_pool_leaves_one_number_for_each_channel():
    network = (GlobalAvgPool2d(),)
    x = np.arange(8.0).reshape(1, 2, 2, 2)
    out, saved = forward(network, [], x)
    assert_array_equal(out, [[1.5, 5.5]])
    x_gradient, grads = backward(network, [], saved, np.array([[4.0, 8.0]]))
    assert grads == []
    assert_array_equal(x_gradient, np.repeat([1, 2], 4).reshape(x.shape))


def test_the_trace_of_lenet_is_what_each_layer_is_given():
    params = init(nets.LENET, np.random.default_rng(0))
    out, saved = forward(nets.LENET, params, np.zeros((2, 1, 28, 28), np.float32))
    assert [each.shape[1:] for each in saved] == [
        (1, 28, 28), (6, 28, 28), (6, 28, 28), (6, 14, 14), (16, 10, 10),
        (16, 10, 10), (16, 5, 5), (400,), (120,), (120,), (84,), (84,),
    ]  # fmt: skip
    assert out.shape == (2, 10)
    assert out.dtype == np.float32


@pytest.mark.parametrize(
    ("layer", "size"),
    [
        (MaxPool2d(2, ceil_mode=True), (4, 3)),
        (MaxPool2d(2), (3, 3)),
        (MaxPool2d(3, stride=1, dilation=2, padding=1), (5, 4)),
        (AvgPool2d(2, ceil_mode=True), (4, 3)),
        (AvgPool2d((3, 2), stride=(2, 1)), (3, 5)),
    ],
)
def test_a_pool_promises_the_size_that_it_makes(layer, size):
    assert nets.out_shape(layer, (2, 7, 6)) == (2, *size)
    assert forward((layer,), [], np.zeros((1, 2, 7, 6)))[0].shape == (1, 2, *size)


def test_an_empty_batch_goes_through():
    params = init(nets.LENET, np.random.default_rng(0))
    assert forward(nets.LENET, params, np.zeros((0, 1, 28, 28)))[0].shape == (0, 10)
    assert nets.predict(nets.LENET, params, np.zeros((0, 1, 28, 28))).shape == (0, 10)


def test_a_group_s_weight_has_the_channels_of_its_group():
    assert nets.param_shapes(Conv2d(6, 4, (3, 5), groups=2, bias=False)) == [
        (4, 3, 3, 5)
    ]


@pytest.mark.parametrize(
    ("scheme", "conv", "dense"),
    [("xavier", 6 / (150 + 400), 6 / (400 + 120)), ("he", 6 / 150, 6 / 400)],
)
def test_first_weights_fill_the_bounds_of_their_scheme(scheme, conv, dense):
    drawn = init(nets.LENET, np.random.default_rng(0), scheme=scheme)
    for weight, square in ((drawn[2], conv), (drawn[4], dense)):
        bound = square**0.5
        assert 0.98 * bound < np.abs(weight).max() <= bound
        assert abs(weight.mean()) < 0.05 * bound
        assert_allclose(weight.var(), square / 3, rtol=0.05)
    assert all((bias == 0).all() for bias in drawn[1::2])
    assert {each.dtype for each in drawn} == {np.dtype(np.float32)}


def test_first_weights_follow_the_seed():
    first, again, other = (
        init(SMALL, np.random.default_rng(seed), dtype=float) for seed in (0, 0, 1)
    )
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert (first[0] != other[0]).all()
    assert first[0].dtype == np.float64


def test_momentum_remembers_the_last_steps_and_changes_no_input():
    params, velocity = [np.array([1.0, 2])], [np.array([0.0, 10])]
    grads = [np.array([1.0, 1])]
    new, speed = sgd_step(params, grads, velocity, 0.5, 0.9)
    assert_array_equal(speed[0], [1, 10])
    assert_array_equal(new[0], [0.5, -3])
    assert_array_equal(params[0], [1, 2])
    assert_array_equal(velocity[0], [0, 10])


def test_batches_are_a_shuffle_cut_in_pieces():
    parts = list(loop.batches(7, 3, np.random.default_rng(0)))
    assert [len(part) for part in parts] == [3, 3, 1]
    assert sorted(np.concatenate(parts)) == list(range(7))
    assert np.concatenate(parts).tolist() != list(range(7))


def test_training_starts_near_log_10_and_is_the_same_for_the_same_seed():
    images = np.random.default_rng(0).random((8, 1, 28, 28), np.float32)
    start = init(nets.LENET_RELU, np.random.default_rng(0))
    runs = [
        train(nets.LENET_RELU, start, images, np.arange(8), rng=rng, batch_size=4,
              epochs=2, **QUIET)
        for rng in map(np.random.default_rng, (1, 1, 2))
    ]  # fmt: skip
    losses = [history.losses for _, history in runs]
    assert len(losses[0]) == 4
    assert abs(losses[0][0] - np.log(10)) < 0.3
    assert losses[0] == losses[1] != losses[2]
    assert {p.dtype for p in runs[0][0]} == {np.dtype(np.float32)}


def test_training_overfits_a_few_images_and_leaves_its_inputs_alone():
    images, labels = examples()
    start = init(SMALL, np.random.default_rng(0), scheme="he", dtype=float)
    copies = [p.copy() for p in (*start, images, labels)]
    learned, history = train(
        SMALL, start, images, labels, rng=np.random.default_rng(0), epochs=60,
        batch_size=5, lr=0.2, momentum=0.9, validation=(images, labels), **QUIET,
    )  # fmt: skip
    assert history.losses[-1] < 0.05 < history.losses[0]
    assert len(history.losses) == 60 * 3
    assert len(history.scores) == 60
    assert history.scores[-1] == 1
    assert not history.stopped
    logits = nets.predict(SMALL, learned, images, batch_size=5)
    assert nets.accuracy(logits, labels) == 1
    for copy, given in zip(copies, (*start, images, labels), strict=True):
        assert_array_equal(copy, given)


def test_stopping_early_keeps_what_was_learned(monkeypatch):
    images, labels = examples()
    start = init(SMALL, np.random.default_rng(0))
    real, calls = learning.loss_and_gradients, []

    def interrupted(*args):
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*args)

    how = {"batch_size": 3, **QUIET}
    monkeypatch.setattr(learning, "loss_and_gradients", interrupted)
    rng = np.random.default_rng(0)
    learned, history = train(SMALL, start, images, labels, rng=rng, epochs=9, **how)
    assert history.stopped
    assert len(history.losses) == 2
    third = calls[2][1]  # the parameters with which the third step began
    assert all((a == b).all() for a, b in zip(learned, third, strict=True))
    assert (learned[0] != start[0]).any()


def test_a_bar_tells_the_epoch_the_batch_and_the_loss(monkeypatch, capsys):
    def shown(*, disable, **how):
        """Obey the argument alone, as the bar of a notebook does."""
        with monkeypatch.context() as alone:
            alone.delenv("TQDM_DISABLE", raising=False)
            return tqdm(disable=disable, mininterval=0, **how)

    monkeypatch.setattr(auto, "tqdm", shown)
    images, labels = examples()
    start = init(SMALL, np.random.default_rng(0))
    for disabled, progress in (("", False), ("1", True), ("", True)):
        monkeypatch.setenv("TQDM_DISABLE", disabled)
        assert capsys.readouterr() == ("", "")
        rng = np.random.default_rng(0)
        how = {"rng": rng, "epochs": 2, "batch_size": 5, "progress": progress}
        _, history = train(SMALL, start, images, labels, **how)
    said = capsys.readouterr().err
    assert "epoch 2/2" in said
    assert "6/6" in said  # two of 5, one of 2, twice
    assert f"loss={history.losses[-1]:.3f}" in said


def test_networks_count_and_learn_where_there_is_nothing_but_numpy():
    lines = [
        "import sys",
        "import numpy",
        "before = set(sys.modules)",
        "sys.modules['tqdm'] = sys.modules['tqdm.auto'] = None",
        "from coursekit import count, nets, shapes",
        "new = {name.split('.')[0] for name in set(sys.modules) - before}",
        "print(sorted(new - {'coursekit', 'tqdm'} - sys.stdlib_module_names))",
        "rng, net = numpy.random.default_rng(0), (nets.Linear(2, 2),)",
        "data = numpy.eye(2), numpy.arange(2)",
        "learned, history = nets.train(net, nets.init(net, rng), *data, rng=rng)",
        "print(len(history.losses))",
    ]
    command = [sys.executable, "-c", "\n".join(lines)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n1\n", "")


def test_no_epoch_learns_nothing():
    images, labels = examples()
    start = init(SMALL, np.random.default_rng(0))
    rng = np.random.default_rng(0)
    learned, history = train(SMALL, start, images, labels, rng=rng, epochs=0, **QUIET)
    assert history == nets.History()
    assert all(a is b for a, b in zip(learned, start, strict=True))
