"""Convolutions forward and backward, `fast` beside torch and the usual ways, in turns.

Every contender of a case runs once in each round, so that a busy moment of the machine
meets all alike; a ratio is taken within a round, and its median, least and most are
shown. On a busy machine the median tells more about the neighbours: "best" divides the
least times of all rounds. A pause between two contenders lets the idle threads of the
first fall asleep, which else would take time from the second. What has no backward
(scipy) or takes minutes (loops) runs forward on one image, and is compared with torch
doing the same.
"""

from collections.abc import Callable
from statistics import geometric_mean, median
from time import perf_counter, sleep
from typing import Any, NamedTuple

import numpy as np
import torch
from scipy.signal import correlate2d
from threadpoolctl import threadpool_limits
from torch.nn import functional

from coursekit import fast, ops

ROUNDS = 15
PAUSE = 0.03  # seconds; BLAS and OpenMP let idle threads spin for less


class Case(NamedTuple):
    """One layer: shapes of the input and the weight, and how the window slides."""

    name: str
    x: tuple[int, ...]
    weight: tuple[int, ...]
    how: dict[str, int]


CASES = [
    Case("LeNet conv1, 256", (256, 1, 28, 28), (6, 1, 5, 5), {"padding": 2}),
    Case("LeNet conv2, 256", (256, 6, 14, 14), (16, 6, 5, 5), {}),
    Case("3x3 64->64, 56x56", (8, 64, 56, 56), (64, 64, 3, 3), {"padding": 1}),
    Case("1x1 64->128", (8, 64, 56, 56), (128, 64, 1, 1), {}),
    Case("depthwise 3x3", (8, 64, 56, 56), (64, 1, 3, 3), {"padding": 1, "groups": 64}),
    Case("stride 2, 64->128", (8, 64, 56, 56), (128, 64, 3, 3),
         {"padding": 1, "stride": 2}),
    Case("dilation 2, 64->64", (8, 64, 56, 56), (64, 64, 3, 3),
         {"padding": 2, "dilation": 2}),
]  # fmt: skip


def by_torch(case: Case, x: Any, weight: Any, bias: Any, upstream: Any) -> Any:
    """Run torch forward and backward."""
    tensors = [torch.from_numpy(each).requires_grad_() for each in (x, weight, bias)]
    out = functional.conv2d(*tensors, **case.how)
    grads = torch.autograd.grad(out, tensors, torch.from_numpy(upstream))
    return [each.detach().numpy() for each in (out, *grads)]


def by_fast(case: Case, x: Any, weight: Any, bias: Any, upstream: Any) -> Any:
    """Run coursekit.fast forward and backward."""
    out = fast.conv2d(x, weight, bias, **case.how)
    return [out, *fast.conv2d_backward(upstream, x, weight, bias, **case.how)]


def by_im2col(case: Case, x: Any, weight: Any, bias: Any, upstream: Any) -> Any:
    """Write out the whole matrix of windows, as most courses do, and multiply once."""
    how = dict(case.how)
    groups = how.pop("groups", 1)
    n, oh, ow = len(x), *upstream.shape[2:]
    columns = fast.unfold2d(x, weight.shape[2:], **how)  # (N, C * kH * kW, oH * oW)
    columns = columns.reshape(n, groups, -1, oh * ow)
    matrix = weight.reshape(groups, len(weight) // groups, -1)
    out = (matrix @ columns).reshape(upstream.shape) + bias[:, None, None]
    back = upstream.reshape(n, groups, -1, oh * ow)
    weight_grad = (back @ columns.swapaxes(2, 3)).sum(axis=0).reshape(weight.shape)
    columns_grad = (matrix.swapaxes(1, 2) @ back).reshape(n, -1, oh * ow)
    x_grad = fast.unfold2d_backward(columns_grad, x, weight.shape[2:], **how)
    return [out, x_grad, weight_grad, upstream.sum(axis=(0, 2, 3))]


def by_scipy(case: Case, x: Any, weight: Any) -> Any:
    """Correlate every channel with scipy, forward; it has no dilation."""
    stride, padding = case.how.get("stride", 1), case.how.get("padding", 0)
    x = fast.pad2d(x, padding)
    channels, outputs = weight.shape[1], len(weight) // case.how.get("groups", 1)
    planes = [
        sum(
            correlate2d(x[n, f // outputs * channels + c], weight[f, c], "valid")
            for c in range(channels)
        )
        for n in range(len(x))
        for f in range(len(weight))
    ]
    return np.stack(planes)[:, ::stride, ::stride]


def by_loops(case: Case, x: Any, weight: Any) -> Any:
    """Run the course's readable loops, forward."""
    return ops.conv2d(x, weight, **case.how)


def seconds(function: Callable[..., Any], *args: Any) -> float:
    """Time one call, after a pause."""
    sleep(PAUSE)
    start = perf_counter()
    function(*args)
    return perf_counter() - start


def drawn(case: Case, images: int | None = None) -> list[np.ndarray]:
    """Draw x, weight, bias and an upstream gradient in float32."""
    rng = np.random.default_rng(0)
    x, weight = (rng.standard_normal(s, np.float32) for s in (case.x, case.weight))
    x, bias = x[:images], rng.standard_normal(len(weight), np.float32)
    out = fast.conv2d(x, weight, bias, **case.how)
    return [x, weight, bias, rng.standard_normal(out.shape, np.float32)]


def measured(case: Case) -> list[list[float]]:
    """Time torch, fast and the usual im2col in turns, after seeing that they agree."""
    given = drawn(case)
    expected = by_torch(case, *given)
    for function in (by_fast, by_im2col):
        for mine, other in zip(function(case, *given), expected, strict=True):
            scale = float(np.abs(other).max())
            np.testing.assert_allclose(mine, other, rtol=1e-3, atol=1e-4 * scale)
    contenders = (by_torch, by_fast, by_im2col)
    return [[seconds(f, case, *given) for f in contenders] for _ in range(ROUNDS)]


def shown(ratios: list[float]) -> str:
    """Write the median of some ratios, and their spread."""
    return f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def table(threads: int) -> None:
    """Print what forward and backward together cost, as multiples of torch's time."""
    print(f"forward and backward, float32, {threads} thread(s), {ROUNDS} rounds")
    names = "".join(f"{f'{a} / torch':>23}{'best':>6}" for a in ("fast", "im2col"))
    print(f"{'':20}{'torch ms':>9}{'fast ms':>9}{names}")
    torch.set_num_threads(threads)
    middle = []
    with threadpool_limits(threads):
        for case in CASES:
            torch_times, *others = zip(*measured(case), strict=True)
            cells = f"{1e3 * median(torch_times):9.1f}{1e3 * median(others[0]):9.1f}"
            for times in others:
                ratios = [a / b for a, b in zip(times, torch_times, strict=True)]
                best = min(times) / min(torch_times)
                cells += f"{shown(ratios):>23}{best:6.2f}"
                if times is others[0]:
                    middle.append((median(ratios), best))
            print(f"{case.name:20}{cells}", flush=True)
    for name, ratios in zip(
        ("medians", "bests"), zip(*middle, strict=True), strict=True
    ):
        mean, most = geometric_mean(ratios), max(ratios)
        print(f"fast / torch, {name}: geometric mean {mean:.2f}, most {most:.2f}")
    print()


def ladder() -> None:
    """Print how far loops and scipy are from torch, on one image, forward only."""
    print("forward, one image, 1 thread")
    print(f"{'':20}{'torch ms':>9}{'fast ms':>9}{'scipy ms':>10}{'loops ms':>10}")
    torch.set_num_threads(1)
    with threadpool_limits(1), torch.no_grad():
        for case in CASES:
            x, weight, _, _ = drawn(case, 1)
            tensors = torch.from_numpy(x), torch.from_numpy(weight)
            quick = [
                median(seconds(call) for _ in range(ROUNDS))
                for call in (
                    lambda: functional.conv2d(*tensors, **case.how),  # noqa: B023
                    lambda: fast.conv2d(x, weight, **case.how),  # noqa: B023
                )
            ]
            slow = [
                "-" if f is by_scipy and "dilation" in case.how
                else f"{1e3 * seconds(f, case, x, weight):.0f}"
                for f in (by_scipy, by_loops)
            ]  # fmt: skip
            cells = "".join(f"{1e3 * each:9.2f}" for each in quick)
            print(f"{case.name:20}{cells}{slow[0]:>10}{slow[1]:>10}", flush=True)


def main() -> None:
    """Print the tables for one thread and for all, and the ladder from loops up."""
    every = torch.get_num_threads()
    for threads in sorted({1, every}):
        table(threads)
    ladder()


if __name__ == "__main__":
    main()
