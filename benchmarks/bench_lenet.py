"""LeNet learns for one epoch of 60 000 images: NumPy beside torch, in turns.

The epoch is cut into ten parts; each part runs on both, in the same batches, so that a
busy moment of the machine meets both alike. A ratio is taken within a part.
"""

from statistics import median
from time import perf_counter

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from coursekit import nets, torch_ref

IMAGES, PARTS, BATCH, LR = 60_000, 10, 128, 0.1
LIMIT = 5.0
NETWORKS = {"LENET": nets.LENET, "LENET_RELU": nets.LENET_RELU}


def epoch(network: nets.Network) -> list[tuple[float, float]]:
    """Give the seconds of NumPy and of torch for each part of an epoch."""
    rng = np.random.default_rng(0)
    params = nets.init(network, rng)
    model = torch_ref.load_params(torch_ref.build(network), params)
    optimizer = torch.optim.SGD(model.parameters(), lr=LR)
    times = []
    for seed in range(PARTS):
        images = rng.random((IMAGES // PARTS, 1, 28, 28), np.float32)
        labels = rng.integers(0, 10, len(images))
        start = perf_counter()
        params, mine = nets.train(
            network, params, images, labels, rng=np.random.default_rng(seed),
            batch_size=BATCH, lr=LR, progress=False,
        )  # fmt: skip
        middle = perf_counter()
        theirs = torch_ref.fit(
            model, images, labels, optimizer, rng=np.random.default_rng(seed),
            batch_size=BATCH, device="cpu", progress=False,
        )  # fmt: skip
        times.append((middle - start, perf_counter() - middle))
        np.testing.assert_allclose(mine.losses, theirs.losses, rtol=1e-2)
    return times


def main() -> None:
    """Print seconds for an epoch, and the ratio with its spread, by threads."""
    print(f"{IMAGES} images, batches of {BATCH}, float32; limit {LIMIT:.0f}x")
    print(f"{'':12}{'threads':>8}{'NumPy s':>9}{'torch s':>9}   NumPy / torch")
    every = torch.get_num_threads()
    for threads in sorted({1, every}):
        torch.set_num_threads(threads)
        with threadpool_limits(threads):
            for name, network in NETWORKS.items():
                times = epoch(network)
                ours, theirs = map(sum, zip(*times, strict=True))
                ratios = [mine / other for mine, other in times]
                spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
                ratio = f"{median(ratios):.2f} ({spread})"
                print(
                    f"{name:12}{threads:8}{ours:9.1f}{theirs:9.1f}   {ratio}",
                    flush=True,
                )
    torch.set_num_threads(every)


if __name__ == "__main__":
    main()
