"""Train every recipe on Fashion-MNIST, three seeds each, on two threads.

The last 5000 training images are kept apart: recipes were chosen by them, and the test
images are used once, at the end. Prints the seconds of training, and writes the file
that lesson 7 shows, after each recipe, so that stopping loses nothing.
"""

import os
from platform import machine, processor
from statistics import median
from time import perf_counter

import numpy as np
import torch

from coursekit import count, data, files, measured, nets
from coursekit.torch_ref import recipes
from coursekit.torch_ref.learning import predict

SEEDS, THREADS, APART = (0, 1, 2), 2, 5000
COMMAND = "python -m benchmarks fashion"


def train(
    recipe: recipes.Recipe, images: data.Dataset, seed: int
) -> tuple[measured.Trained, np.ndarray, float]:
    """Let one seed learn; give what is stored of it, its answers, and its seconds."""
    learn, apart = slice(None, -APART), slice(-APART, None)
    start = perf_counter()
    model, history = recipes.follow(
        recipe,
        images.x_train[learn],
        images.y_train[learn],
        seed=seed,
        validation=(images.x_train[apart], images.y_train[apart]),
        device="cpu",
    )
    seconds = perf_counter() - start
    if history.stopped:
        raise KeyboardInterrupt
    logits = predict(model, images.x_test)
    both = recipes.predict_both_ways(model, images.x_test)
    scores = (nets.accuracy(one, images.y_test) for one in (logits, both))
    validation = tuple(round(score, 4) for score in history.scores)
    trained = measured.Trained(seed, validation, *scores)
    return trained, logits.argmax(axis=1), seconds


def run(name: str, images: data.Dataset) -> tuple[measured.Run, list[float]]:
    """Let one recipe learn with every seed; give also the seconds of each."""
    recipe = recipes.RECIPES[name]
    confusion = np.zeros((10, 10), int)
    seeds, times = [], []
    for seed in SEEDS:
        trained, predicted, seconds = train(recipe, images, seed)
        seeds.append(trained)
        times.append(seconds)
        np.add.at(confusion, (images.y_test, predicted), 1)
    parameters = count.ledger(recipe.network, (1, 28, 28)).params
    done = measured.Run(name, parameters, recipe.epochs, tuple(seeds), confusion)
    return done, times


def main() -> None:
    """Print accuracies and seconds as they come, and store them."""
    try:
        images = data.load("fashion_mnist")
    except data.DataUnavailable as missing:
        print(f"Nothing was measured.\n{missing}")
        return
    torch.set_num_threads(THREADS)
    kind = f"{processor() or machine()}, {THREADS} of {os.cpu_count()} cores"
    runs = {one.name: one for one in measured.fashion_mnist().runs}
    print(f"{images.source}; {kind}")
    print(f"{'':28}parameters epochs seconds    test (three seeds)        both ways")
    for name in recipes.RECIPES:
        last, times = run(name, images)
        runs[name] = last
        each = " ".join(f"{one.test:.4f}" for one in last.seeds)
        print(
            f"{name:28}{last.parameters:10}{last.epochs:7}{median(times):8.1f}    "
            f"{last.test:.4f} ({each})  {last.both_ways:.4f}"
        )
        kept = tuple(runs[name] for name in recipes.RECIPES if name in runs)
        done = measured.Results(COMMAND, kind, images.source, kept)
        files.put(measured.FILE, measured.as_json(done).encode())
