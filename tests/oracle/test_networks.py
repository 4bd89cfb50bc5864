"""NumPy's networks equal torch's: outputs, gradients, learning, sizes and costs."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from torch import nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from coursekit import count, nets, torch_ref
from coursekit.nets import (
    AvgPool2d,
    Conv2d,
    Flatten,
    GlobalAvgPool2d,
    Linear,
    MaxPool2d,
    Parallel,
    ReLU,
    Tanh,
)
from coursekit.torch_ref import recipes

EVERYTHING = (
    Conv2d(2, 4, (3, 2), stride=(1, 2), padding=(2, 1), padding_mode="reflect"),
    Tanh(),
    Parallel((
        (Conv2d(4, 6, 3, dilation=2, padding=2, groups=2, bias=False), ReLU()),
        (),
        (MaxPool2d(3, stride=1, padding=1), Conv2d(4, 2, 1)),
        (Parallel(((Conv2d(4, 1, 1),), (nets.Sigmoid(),))),),
    )),
    AvgPool2d(2, padding=1, ceil_mode=True, count_include_pad=False),
    MaxPool2d(2, stride=1, dilation=2, ceil_mode=True),
    GlobalAvgPool2d(),
    Linear(17, 5, bias=False),
)  # fmt: skip
SMALL = {
    "LENET": (nets.LENET, (1, 28, 28)),
    "LENET_RELU": (nets.LENET_RELU, (1, 28, 28)),
    "LENET_WIDE": (nets.LENET_WIDE, (1, 28, 28)),
    "TINY_TANH": (nets.TINY_TANH, (1, 28, 28)),
    "MLP": (nets.MLP, (1, 28, 28)),
    "INCEPTION_BLOCK": ((*nets.INCEPTION_BLOCK, Flatten()), (192, 6, 5)),
    "MOBILE_BLOCK": ((*nets.MOBILE_BLOCK, GlobalAvgPool2d()), (16, 7, 6)),
    "everything": (EVERYTHING, (2, 9, 10)),
}
FAMOUS = {
    "LENET": (1, 28, 28),
    "ALEXNET": (3, 224, 224),
    "ALEXNET_2012": (3, 224, 224),
    "ALEXNET_2012_GROUPED": (3, 224, 224),
    "VGG16": (3, 224, 224),
    "INCEPTION_BLOCK": (192, 28, 28),
    "MOBILE_BLOCK": (16, 56, 56),
}


def drawn(network, seed=0):
    """Draw parameters in double, biases too: zeros would hide a mistake."""
    rng = np.random.default_rng(seed)
    shapes = nets.param_shapes(network)
    return [rng.standard_normal(s) / np.prod(s[1:]) ** 0.5 for s in shapes]


def in_torch(network, params):
    """Build a network in double with these parameters."""
    return torch_ref.load_params(torch_ref.build(network).double(), params)


@pytest.mark.parametrize("name", SMALL)
def test_outputs_and_gradients_equal_torchs_in_double(name):
    network, shape = SMALL[name]
    params, rng = drawn(network), np.random.default_rng(1)
    model = in_torch(network, params)
    x = rng.standard_normal((3, *shape))
    out, saved = nets.forward(network, params, x)
    upstream = rng.standard_normal(out.shape)
    x_gradient, grads = nets.backward(network, params, saved, upstream)

    tensor = torch.from_numpy(x).requires_grad_()
    expected = model(tensor)
    expected.backward(torch.from_numpy(upstream))
    assert_allclose(out, expected.detach(), rtol=1e-10, atol=1e-10)
    assert_allclose(x_gradient, tensor.grad, rtol=1e-10, atol=1e-10)
    for mine, other in zip(grads, model.parameters(), strict=True):
        assert mine.shape == other.shape
        assert_allclose(mine, other.grad, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("name", ["LENET", "LENET_RELU"])
def test_numpy_follows_torchs_loss_for_100_steps_of_the_same_batches(
    name, as_a_user_calls
):
    network, _ = SMALL[name]
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, 160)
    patterns = rng.standard_normal((10, 1, 28, 28))
    images = patterns[labels] + rng.standard_normal((160, 1, 28, 28)) / 2
    start = nets.init(network, rng, dtype=float)
    model = in_torch(network, start)
    lr = 0.1 if name == "LENET" else 0.01
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    how = {"epochs": 5, "batch_size": 8, "progress": False}
    how["validation"] = images[:20], labels[:20]
    theirs = torch_ref.fit(
        model, images, labels, optimizer, rng=np.random.default_rng(4), device="cpu",
        **how,
    )  # fmt: skip
    learned, mine = nets.train(
        network, start, images, labels, rng=np.random.default_rng(4), lr=lr,
        momentum=0.9, **how,
    )  # fmt: skip
    assert len(mine.losses) == 100
    assert_allclose(mine.losses, theirs.losses, rtol=1e-4)
    assert mine.scores == theirs.scores
    for p, other in zip(learned, torch_ref.params_of(model), strict=True):
        assert_allclose(p, other, rtol=1e-4, atol=1e-6)
    assert np.ptp(mine.losses) > 0.5  # and it did move
    if name == "LENET_RELU":
        assert mine.losses[-1] < 0.1 * mine.losses[0]


@pytest.mark.parametrize("name", FAMOUS)
def test_torch_makes_the_same_shapes_parameters_and_multiply_adds(name):
    network, shape = getattr(nets, name), FAMOUS[name]
    with torch.device("meta"):  # shapes without memory
        model, x = torch_ref.build(network), torch.empty(1, *shape)
    assert [tuple(p.shape) for p in model.parameters()] == nets.param_shapes(network)
    seen = []
    for module in model:
        module.register_forward_hook(lambda _, __, out: seen.append(tuple(out.shape)))
    with FlopCounterMode(display=False) as counter:
        model(x)
    ledger = count.ledger(network, shape)
    outs = [row.out_shape for row in ledger.rows if len(row.place) == 1]
    assert seen == [(1, *out) for out in outs]
    assert counter.get_total_flops() == 2 * ledger.macs
    assert sum(p.numel() for p in model.parameters()) == ledger.params


def test_the_fans_of_a_weight_are_torchs():
    for shape in ((10, 84), (16, 6, 5, 5), (8, 1, 3, 2)):
        theirs = nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))
        assert nets.learning.fans(shape) == theirs


def test_parameters_come_back_as_they_went():
    params = drawn(EVERYTHING)
    model = in_torch(EVERYTHING, params)
    back = torch_ref.params_of(model)
    assert all((a == b).all() for a, b in zip(params, back, strict=True))
    back[0][:] = 7  # a copy: the model keeps its own
    assert (torch_ref.params_of(model)[0] == params[0]).all()
    params[0][:] = 8
    assert (torch_ref.params_of(model)[0] != 8).all()


def test_a_model_keeps_its_dtype_when_it_takes_parameters():
    model = torch_ref.load_params(nn.Linear(2, 1), [np.ones((1, 2)), np.ones(1)])
    assert model.weight.dtype == torch.float32


def learnable(n=12):
    """Draw points whose label is the sign of the first number."""
    x = np.random.default_rng(3).standard_normal((n, 4))
    return x, (x[:, 0] > 0).astype(int)


def fitted(model, seed=0, *, lr=0.1, **how):
    """Fit a model on the CPU."""
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    how = {"rng": np.random.default_rng(seed), "device": "cpu", "batch_size": 3} | how
    return torch_ref.fit(model, *learnable(), optimizer, **how, progress=False)


def test_fit_seeds_what_torch_draws():
    torch.manual_seed(0)
    start = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 2))
    params = torch_ref.params_of(start)
    losses = []
    for seed in (1, 1, 2):
        torch_ref.load_params(start, params)
        losses.append(fitted(start, seed).losses)
    assert losses[0] == losses[1] != losses[2]


def test_fit_steps_the_schedule_and_changes_only_the_batch():
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)
    seen = []

    def augment(x):
        seen.append(x.clone())
        return x.neg_()

    x, labels = learnable()
    copy = x.copy()
    torch_ref.fit(
        model, x, labels, optimizer, rng=np.random.default_rng(3), batch_size=5,
        schedule=schedule, augment=augment, device="cpu", progress=False,
    )  # fmt: skip
    assert schedule.get_last_lr() == [0.5**3]
    batches = nets.loop.batches(12, 5, np.random.default_rng(3))
    for batch, order in zip(seen, batches, strict=True):
        assert_allclose(batch, x[order], rtol=1e-6)  # those that nets.train takes
    assert (x == copy).all()


def test_fit_keeps_the_history_when_it_is_stopped():
    calls = []

    def augment(x):
        calls.append(x)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return x

    model = nn.Linear(4, 2)
    before = torch_ref.params_of(model)
    history = fitted(model, epochs=9, augment=augment)
    assert history.stopped
    assert len(history.losses) == 2
    assert (torch_ref.params_of(model)[0] != before[0]).any()


def test_evaluation_does_not_train_and_is_undone():
    model = nn.Sequential(nn.Flatten(), nn.Dropout(0.5), nn.Linear(4, 2))
    x, labels = learnable()
    first = torch_ref.predict(model, x, batch_size=5)
    assert (first == torch_ref.predict(model, x)).all()
    assert model.training
    model.eval()
    torch_ref.predict(model, x)
    assert not model.training
    scores = fitted(model, lr=0.0, epochs=2, validation=(x, labels)).scores
    assert scores == [nets.accuracy(first, labels)] * 2


def test_a_model_that_works_in_place_changes_no_image():
    x, _ = learnable()
    copy = x.copy()
    assert (torch_ref.predict(nn.ReLU(inplace=True), x) == np.maximum(x, 0)).all()
    assert (x == copy).all()


@pytest.mark.parametrize(
    ("cuda", "mps", "device"),
    [(True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")],
)
def test_the_fastest_device_there_is_gets_picked(cuda, mps, device, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert torch_ref.pick_device().type == device


def test_a_model_comes_home_even_if_its_device_fails(monkeypatch):
    model = nn.Linear(4, 2)
    moves = []
    monkeypatch.setattr(model, "to", lambda device: moves.append(str(device)))
    monkeypatch.setattr(torch_ref.learning, "pick_device", lambda: "cuda:0")
    fitted(model, device=None)
    assert moves == ["cuda:0", "cpu"]
    with pytest.raises(RuntimeError):
        fitted(model, device="no such device")


def test_the_loss_is_torchs():
    x, labels = learnable()
    network, params = (Linear(4, 2),), drawn((Linear(4, 2),))
    loss, _ = nets.loss_and_gradients(network, params, x, labels)
    logits = torch.from_numpy(nets.predict(network, params, x))
    expected = functional.cross_entropy(logits, torch.from_numpy(labels))
    assert_allclose(loss, expected, rtol=1e-12)


def test_a_recipe_may_name_an_optimizer_that_torch_has_not_fused():
    recipe = recipes.Recipe(recipes.LOGISTIC, optimizer="RMSprop", lr=1e-4, epochs=3)
    images = np.random.default_rng(0).random((8, 1, 28, 28), np.float32)
    labels = np.arange(8) % 2
    _, history = recipes.follow(recipe, images, labels, device="cpu", progress=False)
    assert history.losses[-1] < history.losses[0]


def test_a_list_of_layers_is_built_as_a_tuple_is():
    listed = [Flatten(), Linear(4, 2), ReLU()]
    assert str(torch_ref.build(listed)) == str(torch_ref.build(tuple(listed)))
