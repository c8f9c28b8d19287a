"""Let PyTorch compute the cases of `test_pytorch.py`: for every NPZ file of a folder, outputs and slopes beside it.

A file `NAME.npz` holds the input `x`, the weights by our names and the gradient `dy` that comes in; `NAME.out.npz` gets
`y` and `dx`. It runs in the Python that has PyTorch.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

Tensor = torch.Tensor
Arrays = dict[str, Tensor]


def images(compute: Callable[[Tensor, Arrays], Tensor]) -> Callable[[Arrays], Tensor]:
    """A function of images with the channels first, for images with the channels last."""
    return lambda a: compute(a["x"].movedim(-1, 1), a).movedim(1, -1)


def filters(kernel: Tensor) -> Tensor:
    """Our (height, width, in, out) as PyTorch's (out, in, height, width)."""
    return kernel.permute(3, 2, 0, 1)


def depthwise(kernel: Tensor) -> Tensor:
    """Our (height, width, in, multiplier) as one filter after the other."""
    return kernel.permute(2, 3, 0, 1).reshape(-1, 1, *kernel.shape[:2])


def lstm(a: Arrays) -> Tensor:
    """Both have the gates in the order i, f, g, o."""
    return recurrent(torch.nn.LSTM(a["x"].shape[-1], len(a["recurrent_kernel"]), batch_first=True), a, a["bias"])


def gru(a: Arrays) -> Tensor:
    """Ours has the gates in the order z, r, h and PyTorch in r, z, h; the reset comes after the product in both."""
    units = len(a["recurrent_kernel"])
    order = [1, 0, 2]
    a = {name: torch.cat([w.split(units, dim=-1)[i] for i in order], -1) if name != "x" else w for name, w in a.items()}
    return recurrent(torch.nn.GRU(a["x"].shape[-1], units, batch_first=True), a, *a["bias"])


def recurrent(module: torch.nn.RNNBase, a: Arrays, bias: Tensor, recurrent_bias: Tensor | None = None) -> Tensor:
    """What a recurrent module gives with our weights."""
    weights = {
        "weight_ih_l0": a["kernel"].T,
        "weight_hh_l0": a["recurrent_kernel"].T,
        "bias_ih_l0": bias,
        "bias_hh_l0": torch.zeros_like(bias) if recurrent_bias is None else recurrent_bias,
    }
    result, _ = torch.func.functional_call(module, weights, (a["x"],))
    return result


CASES: dict[str, Callable[[Arrays], Tensor]] = {
    "average_pooling_same": images(lambda x, a: F.avg_pool2d(x, 3, 2, padding=1, count_include_pad=False)),
    "max_pooling_same": images(lambda x, a: F.max_pool2d(x, 3, 2, padding=1)),
    "convolution": images(lambda x, a: F.conv2d(x, filters(a["kernel"]), a["bias"], stride=2)),
    "convolution_dilated": images(lambda x, a: F.conv2d(x, filters(a["kernel"]), a["bias"], padding=2, dilation=2)),
    "convolution_grouped": images(lambda x, a: F.conv2d(x, filters(a["kernel"]), a["bias"], groups=2)),
    "convolution_transposed": images(
        lambda x, a: F.conv_transpose2d(x, a["kernel"].permute(3, 2, 0, 1), a["bias"], stride=2)
    ),
    "convolution_depthwise": images(lambda x, a: F.conv2d(x, depthwise(a["kernel"]), a["bias"], groups=x.shape[1])),
    "batch_normalization": images(
        lambda x, a: F.batch_norm(x, None, None, a["gamma"], a["beta"], training=True, eps=1e-3)
    ),
    "layer_normalization": lambda a: F.layer_norm(a["x"], a["x"].shape[-1:], a["gamma"], a["beta"], eps=1e-3),
    "group_normalization": images(lambda x, a: F.group_norm(x, 2, a["gamma"], a["beta"], eps=1e-3)),
    "upsampling_bilinear": images(lambda x, a: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)),
    "lstm": lstm,
    "gru": gru,
    "gelu": lambda a: F.gelu(a["x"]),
    "mish": lambda a: F.mish(a["x"]),
    "selu": lambda a: F.selu(a["x"]),
    "log_softmax": lambda a: F.log_softmax(a["x"], dim=-1),
}


def main() -> None:
    """Compute every file of the folder that is named."""
    for path in sorted(Path(sys.argv[1]).glob("*.npz")):
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: torch.from_numpy(file[name]) for name in file.files}
        dy = arrays.pop("dy")
        x = arrays["x"].requires_grad_()
        y = CASES[path.stem](arrays)
        y.backward(dy)
        assert x.grad is not None
        np.savez(path.with_suffix(".out"), y=y.detach().numpy(), dx=x.grad.numpy())


if __name__ == "__main__":
    main()
