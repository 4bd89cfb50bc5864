"""Say whether a setting is legal by trying every start, and by torch's restrictions.

Nothing here uses the library's sizes, nor its formula.
"""

from typing import Any, NamedTuple

from draws import MODES, Setting


class Axis(NamedTuple):
    """All that decides along one axis; padding and crop are per side."""

    n: int
    k: int
    stride: int
    dilation: int
    before: int
    after: int
    extra: int

    def starts(self, ceil_mode: bool) -> list[int]:
        """Try every start: all taps on the axis, or the first that hangs over."""
        length = self.before + self.n + self.after
        found = []
        for start in range(0, length, self.stride):
            last = max(start + tap * self.dilation for tap in range(self.k))
            hangs = last - (length - 1)  # by so many samples
            begins_inside = start < self.before + self.n
            if hangs <= 0 or (ceil_mode and hangs < self.stride and begins_inside):
                found.append(start)
        return found

    def stamped(self) -> int:
        """Count the samples that a transposed convolution writes and does not crop."""
        written = {
            i * self.stride + tap * self.dilation
            for i in range(self.n)
            for tap in range(self.k)
        }
        return max(written) + 1 + self.extra - self.before - self.after


def legal(setting: Setting, defaults: dict[str, Any]) -> bool:
    """Decide whether an operation should accept a setting."""
    how = defaults | setting.options
    arrays = {name: each for name, each in setting.arrays.items() if each is not None}
    return (
        one_size_for_each_name(arrays, setting.axes)
        and whole_groups(arrays, setting.axes, how)
        and labels_are_classes(arrays)
        and how.get("padding_mode", how.get("mode", "zeros")) in MODES
        and same_needs_stride_one(how)
        and all(fits(axis, how) for axis in both_axes(arrays, how))
    )


def one_size_for_each_name(arrays: dict[str, Any], axes: dict[str, list[str]]) -> bool:
    """An axis that two arrays share has one size."""
    sizes: dict[str, int] = {}
    return all(
        sizes.setdefault(axis, size) == size
        for name, array in arrays.items()
        if not axes[name][0].startswith("*")
        for axis, size in zip(axes[name], array.shape, strict=True)
    )


def whole_groups(
    arrays: dict[str, Any], axes: dict[str, list[str]], how: dict[str, Any]
) -> bool:
    """Input and output channels are groups times the channels of one group."""
    if "groups" not in how:
        return True
    groups, c_in, weight = how["groups"], arrays["x"].shape[1], arrays["weight"].shape
    if axes["weight"][0] == "C_out":
        return weight[1] * groups == c_in and weight[0] in range(0, 99, max(groups, 1))
    biases = arrays["bias"].size if "bias" in arrays else weight[1] * groups
    return groups > 0 and c_in in range(0, 99, groups) and biases == weight[1] * groups


def labels_are_classes(arrays: dict[str, Any]) -> bool:
    """Every label is a class, and there is at least one."""
    if "labels" not in arrays:
        return True
    classes = range(arrays["logits"].shape[1])
    labels = arrays["labels"].tolist()
    return len(labels) > 0 and all(label in classes for label in labels)


def same_needs_stride_one(how: dict[str, Any]) -> bool:
    """Torch pads to the same size at stride 1 only."""
    return how.get("padding") != "same" or how.get("stride", 1) in (1, (1, 1))


def both_axes(arrays: dict[str, Any], how: dict[str, Any]) -> list[Axis]:
    """List what decides along H and along W, where a window slides or x is padded."""
    ks = kernel(arrays, how)
    if ks is None:
        return []
    n, padding = arrays["x"].shape[-2:], how.get("padding", 0)
    stride, dilation = how.get("stride", 1), how.get("dilation", 1)
    if len(n) == 1:  # a signal is a picture of one row
        n, padding = (1, *n), (0, padding)
        stride, dilation = (1, stride), (1, dilation)
    stride = ks if stride is None else both(stride)
    dilation, extra = both(dilation), both(how.get("output_padding", 0))
    if isinstance(padding, str):
        same = [
            d * (k - 1) * (padding == "same") for d, k in zip(dilation, ks, strict=True)
        ]
        padding = tuple((total // 2, -(-total // 2)) for total in same)
    sides = [both(side) for side in both(padding)]
    return [
        Axis(n[i], ks[i], stride[i], dilation[i], *sides[i], extra[i]) for i in (0, 1)
    ]


def kernel(arrays: dict[str, Any], how: dict[str, Any]) -> tuple[int, int] | None:
    """Find the kernel's size: an option, or the last axes of an array."""
    if "kernel_size" in how:
        return both(how["kernel_size"])
    for name in ("k", "depthwise", "upstream", "weight"):
        if name in arrays and ("padding" in how or name == "upstream"):
            shape = arrays[name].shape
            return shape[-2:] if len(shape) > 1 else (1, *shape)
    return (1, 1) if "padding" in how else None


def both(value: Any) -> tuple[Any, Any]:
    """Give one value for each of two."""
    return value if isinstance(value, tuple) else (value, value)


def fits(axis: Axis, how: dict[str, Any]) -> bool:
    """Apply torch's restrictions, then look for a place."""
    if min(axis.k, axis.stride, axis.dilation) < 1 or min(axis[4:]) < 0:
        return False
    if "output_padding" in how:
        return axis.extra < max(axis.stride, axis.dilation) and axis.stamped() > 0
    if "kernel_size" in how and "ceil_mode" in how and 2 * axis.before > axis.k:
        return False
    mode = how.get("padding_mode", how.get("mode"))
    most = {"reflect": axis.n - 1, "circular": axis.n}.get(mode or "", 99)
    return max(axis.before, axis.after) <= most and bool(
        axis.starts(how.get("ceil_mode", False))
    )
