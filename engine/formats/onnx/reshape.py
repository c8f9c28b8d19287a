"""The same values in another shape, edges cut off or added, and values made several."""

from __future__ import annotations

from engine.formats.onnx.convolution import back, first
from engine.formats.onnx.draft import Tensor
from engine.formats.onnx.emit import Place, emitter
from graph.layers.padding import (
    Cropping1D,
    Cropping2D,
    Edged,
    UpSampling1D,
    UpSampling2D,
    ZeroPadding1D,
    ZeroPadding2D,
)
from graph.layers.reshape import Flatten, Permute, RepeatVector, Reshape


@emitter(Flatten)
def flatten(layer: Flatten, at: Place) -> Tensor:
    """One row a sample; channels come last in it, as in Keras."""
    rank = len(at.shape)
    x = at.x
    if layer.data_format == "channels_first" and rank > 1:
        x = at.draft.transpose(x, (0, *range(2, rank), 1))
    return at.draft.op("Flatten", x, axis=1)


@emitter(Reshape)
def reshape(layer: Reshape, at: Place) -> Tensor:
    """The batch stays, the sizes are those that are named."""
    return at.draft.reshape(at.x, [0, *layer.target_shape])


@emitter(Permute)
def permute(layer: Permute, at: Place) -> Tensor:
    """The batch stays in front."""
    return at.draft.transpose(at.x, (0, *layer.dims))


@emitter(RepeatVector)
def repeat(layer: RepeatVector, at: Place) -> Tensor:
    """A new axis, along which the row is repeated."""
    return at.draft.op("Tile", at.draft.unsqueeze(at.x, 1), at.draft.ints(1, layer.n, 1))


def edged_axes(layer: Edged, at: Place) -> range:
    """The axes that have edges."""
    first_channels = layer.config().get("data_format") == "channels_first"
    return range(2, len(at.shape)) if first_channels else range(1, len(at.shape) - 1)


@emitter(Cropping1D, Cropping2D)
def crop(layer: Edged, at: Place) -> Tensor:
    """A range of every axis."""
    y = at.x
    for axis, (before, after) in zip(edged_axes(layer, at), layer.edges(), strict=True):
        if before or after:
            y = at.draft.slice(y, axis, before, -after if after else None)
    return y


@emitter(ZeroPadding1D, ZeroPadding2D)
def pad(layer: Edged, at: Place) -> Tensor:
    """Zeros before and after, written as -0.

    ONNX Runtime joins a Pad of plain zeros to a pooling behind it, which pads with none: it then refuses the file where
    the padding is above the window, and takes the largest of negative numbers otherwise.
    """
    edges = dict(zip(edged_axes(layer, at), layer.edges(), strict=True))
    both = [edges.get(axis, (0, 0)) for axis in range(len(at.shape))]
    around = at.draft.ints(*(b for b, _ in both), *(a for _, a in both))
    return at.draft.op("Pad", at.x, around, at.draft.constant(-0.0))


@emitter(UpSampling1D)
def repeat_steps(layer: UpSampling1D, at: Place) -> Tensor:
    """Every step several times."""
    return resized(at, at.x, [1, layer.size, 1], "nearest")


@emitter(UpSampling2D)
def enlarge(layer: UpSampling2D, at: Place) -> Tensor:
    """Values repeated, or those between them blended."""
    x = first(at, at.x, 4, layer.data_format)
    y = resized(at, x, [1, 1, *layer.size], "nearest" if layer.interpolation == "nearest" else "linear")
    return back(at, y, 4, layer.data_format)


def resized(at: Place, x: Tensor, scales: list[int], mode: str) -> Tensor:
    """Resize, the new values lying evenly over the old ones."""
    said = (
        {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        if mode == "nearest"
        else {"coordinate_transformation_mode": "half_pixel"}
    )
    return at.draft.op("Resize", x, "", at.draft.constant(scales), mode=mode, **said)
