"""How an output is cut into tiles changes neither the values nor what is covered."""

from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_allclose

from coursekit import fast
from coursekit.fast import tiles

SETTINGS = [
    {"padding": (2, 1)},
    {"stride": (2, 3), "padding": ((0, 2), (3, 1))},
    {"stride": (3, 2), "dilation": (2, 3), "padding": 2},
    {"groups": 2, "padding": "same", "dilation": (1, 2)},
    {"groups": 4, "padding": 1},
    {"stride": (1, 2)},
]


@pytest.mark.parametrize("kernel", [(3, 2), (1, 1), (1, 3), (3, 1)])
@pytest.mark.parametrize("how", SETTINGS, ids=str)
@pytest.mark.parametrize("size", [(9, 4, 7, 8), (2, 4, 9, 40)])
def test_tiles_of_any_size_give_the_same_numbers(size, how, kernel, monkeypatch):
    rng = np.random.default_rng(3)
    x = rng.standard_normal(size)
    weight = rng.standard_normal((8, 4 // how.get("groups", 1), *kernel))
    bias = rng.standard_normal(8)
    out = fast.conv2d(x, weight, bias, **how)
    upstream = rng.standard_normal(out.shape)
    whole = [out, *fast.conv2d_backward(upstream, x, weight, bias, **how)]
    monkeypatch.setattr(tiles, "MANY", 1)
    for tile_bytes, small in (
        (10**6, 2_000),
        (1, 10**6),
        (3_000, 10),
        (12_000, 5_000),
    ):
        monkeypatch.setattr(tiles, "TILE_BYTES", tile_bytes)
        monkeypatch.setattr(tiles, "SMALL_PRODUCT", small)
        cut = [
            fast.conv2d(x, weight, bias, **how),
            *fast.conv2d_backward(upstream, x, weight, bias, **how),
        ]
        for one, other in zip(cut, whole, strict=True):
            assert_allclose(one, other, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("halo", [0, 3])
@pytest.mark.parametrize("room", [0, 1, 111, 2_000, 100_000])
@pytest.mark.parametrize("whole", [(9, 3, 7, 8), (2, 5, 30, 70), (1, 1, 1, 1)])
def test_tiles_cover_every_place_once(whole, room, halo):
    visits = np.zeros(whole, int)
    for tile in tiles.tiles(whole, room, halo):
        visits[tile] += 1
        assert visits[tile].shape == tile.size()
    assert (visits == 1).all()


def test_an_empty_batch_has_no_tiles():
    assert list(tiles.tiles((0, 2, 3, 4), 8, 1)) == []


@pytest.mark.parametrize(
    ("whole", "room", "halo", "most"),
    [
        ((8, 1, 10, 10), 480, 2, (4, 1, 10, 10)),  # short rows: images together
        ((8, 1, 10, 10), 479, 2, (1, 1, 10, 10)),  # of three, no long runs come
        ((8, 8, 10, 31), 1240, 0, (4, 1, 10, 31)),
        ((8, 8, 10, 32), 1280, 0, (1, 4, 10, 32)),  # long rows: groups together
        ((2, 9, 10, 10), 800, 0, (2, 3, 10, 10)),  # and what the images leave
        ((2, 8, 8, 32), 200, 2, (1, 1, 4, 32)),  # rows are cut, and lose the halo
        ((2, 1, 10, 96), 60, 2, (1, 1, 1, 20)),  # and last the columns
        ((2, 1, 10, 96), 6, 2, (1, 1, 1, 16)),  # but not into crumbs
    ],
)
def test_whole_pictures_are_cut_last(whole, room, halo, most):
    sizes = [tile.size() for tile in tiles.tiles(whole, room, halo)]
    assert max(sizes) == most


@pytest.mark.parametrize(
    ("depth", "copies", "outputs", "positions"),
    [
        (192, 1, 64, 819),  # 1 MiB of 4 * (192 + 2 * 64) bytes
        (192, 2, 64, 512),
        (30, 1, 16, 2083),  # a million multiply-adds of 30 * 16
        (64, 1, 16, 1024),  # less would be too few
    ],
)
def test_a_tile_fits_the_cache_and_its_narrow_products_stay_small(
    depth, copies, outputs, positions
):
    assert tiles._positions(depth, copies, outputs, itemsize=4) == positions


def test_the_samples_that_exist_are_those_from_0_to_the_size():
    for start, step, count, size in product(
        range(-9, 10), range(1, 4), range(5), range(1, 6)
    ):
        places = [start + i * step for i in range(count)]
        inside = [i for i, place in enumerate(places) if 0 <= place < size]
        samples, (a, b) = tiles._inside(start, step, count, size)
        assert list(range(a, b)) == inside
        assert [*range(size)][samples] == [places[i] for i in inside]
        assert 0 <= a <= b <= count


def test_a_tile_holds_the_channels_of_one_group(monkeypatch):
    monkeypatch.setattr(tiles, "TILE_BYTES", 4_000)
    monkeypatch.setattr(tiles, "MANY", 1)
    x, grid = np.ones((1, 8, 30, 40)), tiles.Grid([0, 1], [0], (1, 1), (29, 40))
    one, four = (
        {tile.size() for tile, _ in tiles.strips(x[:, :c], grid, groups, 2)}
        for c, groups in ((2, 1), (8, 4))
    )
    assert one == four


def test_a_1x1_weight_gradient_of_large_pictures_is_a_sum_over_their_pixels():
    rng = np.random.default_rng(4)
    x = rng.standard_normal((2, 6, 32, 33))
    upstream = rng.standard_normal((2, 8, 32, 33))
    _, gradient, _ = fast.conv2d_backward(upstream, x, np.ones((8, 3, 1, 1)), groups=2)
    for here, seen in ((slice(4), slice(3)), (slice(4, 8), slice(3, 6))):
        expected = np.einsum("nohw,nihw->oi", upstream[:, here], x[:, seen])
        assert_allclose(gradient[here, :, 0, 0], expected, rtol=1e-11)
