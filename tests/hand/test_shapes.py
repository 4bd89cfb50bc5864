"""Sizes that a reader checks on paper: lessons 2 to 7."""

import pytest

from coursekit.arguments.slide import pooling, sliding, transposed
from coursekit.shapes import (
    ReceptiveField,
    out_len,
    receptive_fields,
    same_padding,
    span,
    transposed_len,
)


@pytest.mark.parametrize(
    ("n", "k", "how", "out"),
    [
        (10, 2, {}, 9),
        (32, 5, {}, 28),
        (7, 3, {}, 5),
        (7, 3, {"stride": 2}, 3),
        (32, 6, {"stride": 2}, 14),
        (5, 3, {"stride": 2, "padding": 1}, 3),
        (3, 2, {"padding": 1}, 4),
        (3, 2, {"padding": 1, "stride": 3}, 2),
        (3, 2, {"padding": (0, 1)}, 3),
        (7, 3, {"dilation": 2}, 3),
        (5, 3, {"dilation": 2}, 1),
        (1, 1, {}, 1),
        (9, 3, {"padding": (1, 2), "stride": 2, "dilation": 3}, 3),
    ],
)
def test_the_formula_gives_the_worked_lengths(n, k, how, out):
    assert out_len(n, k, **how) == out


@pytest.mark.parametrize("n", range(1, 20))
@pytest.mark.parametrize("stride", range(1, 6))
def test_with_total_padding_k_minus_1_a_stride_divides_and_rounds_up(n, stride):
    for k in range(1, 7):
        out = out_len(n, k, padding=same_padding(k), stride=stride)
        assert out == -(-n // stride)


@pytest.mark.parametrize("n", [6, 7, 28])
def test_the_common_settings_keep_or_halve_a_length(n):
    for k, p in [(3, 1), (5, 2), (1, 0)]:
        assert out_len(n, k, padding=p) == n
    assert out_len(n, 3, padding=1, stride=2) == (n + 1) // 2


def test_seven_layers_of_5x5_shrink_32_to_4():
    n = 32
    for _ in range(7):
        n = out_len(n, 5)
    assert n == 4


def test_a_kernel_of_three_spans_five_samples_at_dilation_two():
    assert [span(3, d) for d in (1, 2, 3)] == [3, 5, 7]
    assert (span(1, 9), span(4)) == (1, 4)


def test_same_padding_puts_the_odd_one_after():
    assert [same_padding(k) for k in range(1, 6)] == [
        (0, 0),
        (0, 1),
        (1, 1),
        (1, 2),
        (2, 2),
    ]
    assert same_padding(2, dilation=3) == (1, 2)


@pytest.mark.parametrize(
    ("n", "how", "floor", "ceil"),
    [
        (6, {"k": 3, "stride": 2}, 2, 3),
        (7, {"k": 3, "stride": 2}, 3, 3),
        (5, {"k": 2, "stride": 2}, 2, 3),
        (5, {"k": 2, "stride": 2, "padding": 1}, 3, 3),  # a fourth would start at n + p
        (4, {"k": 2, "stride": 2, "padding": 1}, 3, 3),
        (3, {"k": 1, "stride": 2}, 2, 2),
        (4, {"k": 1, "stride": 2}, 2, 2),  # a third would start at n
        (4, {"k": 1, "stride": 3}, 2, 2),
    ],
)
def test_ceil_mode_adds_the_window_that_starts_inside(n, how, floor, ceil):
    assert out_len(n, **how) == floor
    assert out_len(n, **how, ceil_mode=True) == ceil


def test_ceil_mode_lets_a_window_larger_than_the_input_hang_over_once():
    assert out_len(2, 3, stride=2, ceil_mode=True) == 1


@pytest.mark.parametrize(
    ("n", "how", "out"),
    [
        (3, {"k": 3, "stride": 2}, 7),
        (3, {"k": 3, "stride": 2, "output_padding": 1}, 8),
        (3, {"k": 3, "stride": 2, "padding": 1}, 5),
        (3, {"k": 3, "dilation": 2, "output_padding": 1}, 8),
        (1, {"k": 1}, 1),
        (1, {"k": 3, "padding": 1}, 1),
    ],
)
def test_the_transposed_lengths_are_the_worked_ones(n, how, out):
    assert transposed_len(n, **how) == out


def test_pairs_are_height_then_width():
    slide = sliding((28, 30), (2, 3), stride=(1, 2), padding=(3, 0), dilation=(2, 1))
    assert slide.kernel == (2, 3)
    assert slide.stride == (1, 2)
    assert slide.dilation == (2, 1)
    assert slide.padding == ((3, 3), (0, 0))
    assert slide.out == (32, 14)
    assert slide.taps == 6


def test_every_form_of_padding_is_read_per_side():
    def read(padding):
        return sliding((9, 9), (4, 3), padding=padding, dilation=(1, 2)).padding

    assert read(1) == ((1, 1), (1, 1))
    assert read((1, 2)) == ((1, 1), (2, 2))
    assert read(((1, 2), (3, 4))) == ((1, 2), (3, 4))
    assert read([1, [3, 4]]) == ((1, 1), (3, 4))
    assert read("valid") == ((0, 0), (0, 0))
    assert read("same") == ((1, 2), (2, 2))


def test_pooling_leaps_by_its_kernel_and_keeps_a_given_stride():
    assert pooling((28, 28), 2).stride == (2, 2)
    assert pooling((28, 30), (2, 3)).out == (14, 10)
    assert pooling((28, 28), 2, stride=1).out == (27, 27)
    assert pooling((6, 7), 3, padding=(1, 0), dilation=(1, 2)).out == (2, 1)
    assert pooling((5, 5), 2, ceil_mode=True).out == (3, 3)


def test_a_transposed_window_reads_pairs_as_well():
    assert transposed((3, 4), 2).out == (4, 5)
    slide = transposed(
        (3, 4),
        (3, 2),
        stride=(2, 3),
        padding=(1, 0),
        output_padding=(1, 2),
        dilation=(2, 1),
    )
    assert slide.out == (8, 13)
    assert slide.kernel == (3, 2)
    assert slide.stride == (2, 3)
    assert slide.dilation == (2, 1)
    assert slide.padding == ((1, 1), (0, 0))


def test_lenet_shrinks_28_to_5():
    first = sliding((28, 28), 5, padding=2).out
    second = pooling(first, 2).out
    third = sliding(second, 5).out
    assert (first, second, third, pooling(third, 2).out) == (
        (28, 28),
        (14, 14),
        (10, 10),
        (5, 5),
    )


def test_two_3x3_see_as_far_as_one_5x5():
    assert receptive_fields([(3,), (3,)])[-1] == receptive_fields([(5,)])[-1]
    assert receptive_fields([(3,), (3,)])[-1].size == 5


def test_the_receptive_field_of_lenet_layer_by_layer():
    fields = receptive_fields([(5, 1, 1, 2), (2, 2), (5,), (2, 2)])
    assert fields == [
        ReceptiveField(size=5, jump=1, start=-2),
        ReceptiveField(size=6, jump=2, start=-2),
        ReceptiveField(size=14, jump=2, start=-2),
        ReceptiveField(size=16, jump=4, start=-2),
    ]


def test_dilation_widens_and_padding_after_a_stride_moves_by_its_jump():
    fields = receptive_fields([(3, 2, 2, 1), (3, 3, 1, 2)])
    assert fields == [ReceptiveField(5, 2, -1), ReceptiveField(9, 6, -5)]


def test_the_backward_recurrence_agrees_with_the_forward_one():
    layers = [(5, 2, 1), (3, 1, 2), (2, 2, 1), (3, 3, 3)]
    size = 1
    for k, stride, dilation in reversed(layers):
        size = (size - 1) * stride + dilation * (k - 1) + 1
    assert receptive_fields(layers)[-1].size == size
