"""Counts that a reader checks on paper: lessons 1, 3, 6 and 7, and published sizes."""

import re
from dataclasses import FrozenInstanceError
from itertools import pairwise

import pytest

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
    sizes,
)
from coursekit.shapes import ReceptiveField

LENET = count.ledger(nets.LENET, (1, 28, 28))
INCEPTION = count.ledger(nets.INCEPTION_BLOCK, (192, 28, 28))
TWICE = (*nets.INCEPTION_BLOCK, Conv2d(256, 192, 1), *nets.INCEPTION_BLOCK)


def at(ledger, *place):
    """Find a row by its place."""
    return next(row for row in ledger.rows if row.place == place)


@pytest.mark.parametrize(
    ("layer", "learned"),
    [
        (Linear(3_000_000, 1000, bias=False), 3_000_000_000),
        (Linear(120_000, 120_000, bias=False), 14_400_000_000),
        (Conv2d(3, 1, 5), 3 * 25 + 1),  # one bias, not one for each channel
        (Conv2d(3, 6, 5), 456),
        (Conv2d(3, 50, 3), 1400),
        (Conv2d(3, 5, (2, 3)), 95),
        (Conv2d(16, 32, 3, bias=False), 4608),
        (Conv2d(1, 1, 5), 26),
        ((Conv2d(1, 1, 3), Conv2d(1, 1, 3)), 20),
        (ReLU(), 0),
    ],
)
def test_parameters_are_weights_and_one_bias_for_each_output(layer, learned):
    assert count.params(layer) == learned


@pytest.mark.parametrize(
    ("name", "learned"),
    [
        ("LENET", 61_706),
        ("LENET_RELU", 61_706),
        ("LENET_WIDE", 416 + 19_248 + 76_864 + 650),
        ("TINY_TANH", 34_726),
        ("MLP", 62_020),
        ("ALEXNET", 61_100_840),
        ("ALEXNET_2012", 62_378_344),
        ("ALEXNET_2012_GROUPED", 60_965_224),
        ("VGG16", 138_357_544),
        ("INCEPTION_BLOCK", 163_696),
        ("MOBILE_BLOCK", 16 * 9 + 16 * 32),
    ],
)
def test_famous_networks_have_their_published_size(name, learned):
    assert count.params(getattr(nets, name)) == learned


def test_the_mlp_is_within_one_per_cent_of_lenet():
    assert abs(count.params(nets.MLP) / LENET.params - 1) < 0.01


def test_the_dense_part_of_the_tiny_network_holds_nearly_all_of_it():
    ledger = count.ledger(nets.TINY_TANH, (1, 28, 28))
    assert [row.params for row in ledger.rows] == [156, 0, 0, 34_570]
    assert at(ledger, 2).out_shape == (6 * 24 * 24,)


def test_the_ledger_of_lenet_follows_the_trace():
    assert [row.out_shape for row in LENET.rows] == [
        (6, 28, 28), (6, 28, 28), (6, 14, 14),
        (16, 10, 10), (16, 10, 10), (16, 5, 5),
        (400,), (120,), (120,), (84,), (84,), (10,),
    ]  # fmt: skip
    learned = [row.params for row in LENET.rows if row.params]
    assert learned == [156, 2416, 48_120, 10_164, 850]
    assert sum(learned[:2]) == 2572
    assert sum(learned[2:]) == 59_134


def test_most_multiply_adds_of_lenet_are_in_its_convolutions():
    macs = [row.macs for row in LENET.rows if row.macs]
    assert macs == [117_600, 240_000, 48_000, 10_080, 840]
    assert sum(macs[:2]) == 357_600
    assert LENET.macs == count.macs(nets.LENET, (1, 28, 28)) == 416_520


@pytest.mark.parametrize(
    ("bias", "operations"), [(False, 173_670_400), (True, 176_947_200)]
)
def test_operations_are_2kkc_less_one_and_a_bias_is_one_more(bias, operations):
    layer = Conv2d(3, 50, 3, padding="same", bias=bias)
    assert count.operations(layer, (3, 256, 256)) == operations
    assert count.macs(layer, (3, 256, 256)) == 88_473_600


@pytest.mark.parametrize(
    ("layer", "shape", "operations"),
    [
        (Linear(10, 3), (10,), 3 * 20),
        (Linear(10, 3, bias=False), (10,), 3 * 19),
        (MaxPool2d((2, 3)), (4, 6, 6), 4 * 3 * 2 * 5),
        (AvgPool2d((2, 3)), (4, 6, 6), 4 * 3 * 2 * 6),
        (GlobalAvgPool2d(), (4, 6, 6), 144),
        (ReLU(), (4, 6, 6), 144),
        (Flatten(), (4, 6, 6), 0),
        (Conv2d(8, 8, 3, groups=8, bias=False), (8, 3, 3), 8 * 17),
    ],
)
def test_other_layers_count_each_sum_comparison_and_product(layer, shape, operations):
    assert count.operations(layer, shape) == operations
    assert count.operations((layer, Flatten()), shape) == operations


def test_a_network_sums_the_operations_of_its_layers():
    for ledger, network in ((LENET, nets.LENET), (INCEPTION, nets.INCEPTION_BLOCK)):
        assert ledger.operations == count.operations(network, ledger.in_shape)
        assert ledger.macs == count.macs(network, ledger.in_shape)
    assert LENET.operations == sum(row.operations for row in LENET.rows) == 845_852


def test_a_separable_layer_costs_a_share_of_a_standard_one():
    shape = (16, 56, 56)
    standard = Conv2d(16, 32, 3, padding=1, bias=False)
    ratio = count.macs(nets.MOBILE_BLOCK, shape) / count.macs(standard, shape)
    assert ratio == pytest.approx(1 / 32 + 1 / 9)


def test_the_inception_block_stacks_its_four_branches():
    assert at(INCEPTION, 0).out_shape == (256, 28, 28)
    branches = {}
    for row in INCEPTION.rows[:-1]:
        branches[row.place[1]] = row.out_shape
    assert branches == {n: (c, 28, 28) for n, c in enumerate((64, 128, 32, 32))}
    assert INCEPTION.macs == 784 * (163_696 - (64 + 96 + 128 + 16 + 32 + 32))


def test_a_ledger_asks_each_layer_for_its_shape_once(monkeypatch):
    asked, after = [], sizes._after
    monkeypatch.setattr(
        sizes, "_after", lambda layer, shape: asked.append(layer) or after(layer, shape)
    )
    for network, shape in ((nets.VGG16, (3, 224, 224)), (TWICE, (192, 28, 28))):
        asked.clear()
        ledger = count.ledger(network, shape)
        layers = [row.layer for row in ledger.rows]
        assert asked == [one for one in layers if not isinstance(one, Parallel)]


def test_vgg_and_alexnet_cost_what_their_layers_say():
    vgg, alexnet = (
        count.ledger(network, (3, 224, 224)) for network in (nets.VGG16, nets.ALEXNET)
    )
    assert vgg.macs == 15_470_264_320
    assert alexnet.macs == 714_188_480
    assert at(alexnet, 12).out_shape == (256, 6, 6)
    assert at(vgg, 30).out_shape == (512, 7, 7)


def test_the_memory_of_lenet_is_what_a_layer_reads_and_writes():
    assert at(LENET, 0).forward == 28 * 28 * (1 + 6)
    assert at(LENET, 6).forward == 400  # flattening copies nothing
    assert LENET.forward_bytes == 4 * 2 * 6 * 28 * 28
    outputs = 6 * 28 * 28 * 2 + 6 * 14 * 14 + 1600 * 2 + 400 + 2 * 120 + 2 * 84 + 10
    assert LENET.training_bytes == 4 * (784 + outputs)


def test_double_precision_takes_twice_the_memory():
    double = count.ledger(nets.LENET, (1, 28, 28), bytes_per_number=8)
    assert double.training_bytes == 2 * LENET.training_bytes
    assert double.forward_bytes == 2 * LENET.forward_bytes


def test_a_branch_runs_while_the_input_and_earlier_outputs_wait():
    pixels = 784
    waits = {
        (0, 0, 0): 192 + 64,
        (0, 0, 1): 192 + 64 + 64,  # the input waits for the other branches
        (0, 1, 0): 64 + 192 + 96,
        (0, 2, 2): 64 + 128 + 192 + 16 + 32,
        (0, 3, 0): 64 + 128 + 32 + 192 + 192,
        (0, 3, 2): 64 + 128 + 32 + 32 + 32,  # and for nobody now
        (0,): 256 + 256,
    }
    for place, channels in waits.items():
        assert at(INCEPTION, *place).forward == channels * pixels, place


def test_a_block_in_a_block_waits_for_both():
    inner = Parallel(((Conv2d(2, 3, 1),), (Conv2d(2, 5, 1),)))
    network = (Parallel(((ReLU(), inner), (ReLU(),))),)
    ledger = count.ledger(network, (2, 1, 1))
    assert at(ledger, 0, 0, 1, 0, 0).forward == 2 + 2 + 3  # outer input, inner, output
    assert at(ledger, 0, 0, 1, 1, 0).forward == 2 + 3 + 2 + 5
    assert at(ledger, 0, 1, 0).forward == 8 + 2 + 2
    assert at(ledger, 0).out_shape == (10, 1, 1)


def test_receptive_fields_grow_by_the_recurrence():
    sizes = [row.fields and row.fields[0].size for row in LENET.rows]
    assert sizes == [5, 5, 6, 14, 14, 16, 16, None, None, None, None, None]
    assert at(LENET, 5).fields[1] == ReceptiveField(size=16, jump=4, start=-2)


def test_receptive_fields_are_counted_along_both_axes():
    network = (Conv2d(1, 1, (3, 5), dilation=(2, 1)), MaxPool2d((2, 1), stride=(2, 3)))
    rows = count.ledger(network, (1, 20, 30)).rows
    assert [field.size for field in rows[0].fields] == [5, 5]
    assert [field.size for field in rows[1].fields] == [6, 5]
    assert [field.jump for field in rows[1].fields] == [2, 3]


def test_a_block_sees_what_its_widest_branch_sees():
    assert at(INCEPTION, 0).fields[0] == ReceptiveField(size=5, jump=1, start=-2)
    fields = count.ledger(TWICE, (192, 28, 28)).rows[-1].fields
    assert fields[1] == ReceptiveField(size=9, jump=1, start=-4)


def test_a_shortcut_is_an_empty_branch():
    network = (ReLU(), Parallel(((), (Conv2d(4, 2, 3, padding=1),))))
    ledger = count.ledger(network, (4, 8, 8))
    assert ledger.rows[-1].out_shape == (6, 8, 8)
    assert ledger.rows[-1].fields[0].size == 3


def test_a_global_pool_sees_the_whole_map_and_a_dense_layer_everything():
    network = (Conv2d(1, 2, 3), GlobalAvgPool2d(), ReLU(), Linear(2, 2))
    fields = [row.fields for row in count.ledger(network, (1, 8, 6)).rows]
    assert [field.size for field in fields[1]] == [8, 6]
    assert fields[1] == fields[2]
    assert fields[3] is None


def test_the_table_prints_every_row_and_the_sums():
    lines = repr(LENET).splitlines()
    assert len(lines) == 1 + 1 + 12 + 1
    assert lines[0].split() == [
        "layer", "output", "parameters", "multiply-adds", "operations", "forward",
        "training", "sees",
    ]  # fmt: skip
    assert lines[2].split() == [
        "0", "Conv2d(1,", "6,", "5,", "padding=2)", "6x28x28", "156", "117,600",
        "235,200", "22", "kB", "18.8", "kB", "5x5",
    ]  # fmt: skip
    assert lines[-1].split()[:5] == ["in", "all", "61,706", "416,520", "845,852"]
    assert lines[9].endswith("all")
    starts = [line.index("Conv2d") for line in lines if "Conv2d" in line]
    assert len(set(starts)) == 1


def test_numbers_end_under_the_ends_of_their_heads():
    heads, _, first, *_ = lines = repr(LENET).splitlines()
    for head, number in (("parameters", "156"), ("operations", "235,200")):
        end = heads.index(head) + len(head)
        assert first[:end].endswith(number)
    end = heads.index("output") + len("output")
    assert all(line[end - 1 : end + 1].strip() for line in lines[:14])


def test_the_table_of_a_notebook_holds_the_same_cells():
    html = INCEPTION._repr_html_()
    assert html.count("<tr>") == len(repr(INCEPTION).splitlines())
    for cell in ("0.1.2", "Conv2d(96, 128, 3, padding=1)", "86,704,128", "4.32 MB"):
        assert f">{cell}<" in html
        assert cell in repr(INCEPTION)
    assert html.count('<th scope="col"') == 9
    assert html.count('<th scope="row"') == html.count("<tr>") - 1


def test_words_stand_left_in_the_notebook_and_numbers_right():
    html = count.ledger((ReLU(),), (4, 1, 1))._repr_html_()
    row = html.split("<tr>")[3]
    assert re.findall(r"<(t[hd]).*?text-align:(\w+).*?>(.*?)</", row) == [
        ("td", "left", "0"), ("th", "left", "ReLU()"), ("td", "right", "4x1x1"),
        ("td", "right", "0"), ("td", "right", "0"), ("td", "right", "4"),
        ("td", "right", "32 B"), ("td", "right", "16 B"), ("td", "right", "1x1"),
    ]  # fmt: skip


def test_stacking_the_branches_learns_and_multiplies_nothing():
    joined = at(INCEPTION, 0)
    assert (joined.params, joined.macs, joined.operations) == (0, 0, 0)
    assert joined.training == 256 * 784
    assert INCEPTION.params == 163_696


def test_a_ledger_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        LENET.rows = ()


def test_memory_is_shown_in_decimal_units():
    huge = count.ledger((ReLU(),), (1000, 1000, 1000))
    assert "4 GB" in repr(huge)
    assert "8 GB" in repr(huge)
    small = count.ledger((ReLU(),), (1, 1, 1))
    assert all(unit in repr(small) for unit in ("8 B", "4 B"))
    assert "1 kB" in repr(count.ledger((ReLU(),), (125, 1, 1)))
    assert "999 B" in repr(count.ledger((), (999, 1, 1), bytes_per_number=1))


def test_an_empty_network_costs_its_input():
    empty = count.ledger((), (1, 2, 3))
    assert (empty.params, empty.macs, empty.operations) == (0, 0, 0)
    assert empty.forward_bytes == empty.training_bytes == 24


def test_deeper_maps_shrink_and_gain_channels():
    maps = [row.out_shape for row in LENET.rows if len(row.out_shape) == 3]
    assert all(a[0] <= b[0] and a[1] >= b[1] for a, b in pairwise(maps))
