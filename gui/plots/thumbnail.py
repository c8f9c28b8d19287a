"""One sample as a picture: grey values, colours, or nothing where it is no image."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap


def is_image(shape: tuple[int | None, ...]) -> bool:
    """Whether a sample of this shape (without the batch) can be looked at: height, width, 1, 3 or 4 channels."""
    return len(shape) == 3 and shape[2] in (1, 3, 4) and all(size is not None and size >= 2 for size in shape[:2])


def thumbnail(sample: NDArray[np.floating], size: int, device_pixel_ratio: float = 1.0) -> QPixmap:
    """A sample as a picture at most `size` pixels wide and high. Its own smallest and largest value span the greys,
    unless all lie between 0 and 1.
    """
    values = np.nan_to_num(np.asarray(sample, np.float64))
    low, high = float(values.min()), float(values.max())
    if low < 0.0 or high > 1.0:
        values = (values - low) / ((high - low) or 1.0)
    pixels = np.ascontiguousarray((values * 255).round().clip(0, 255).astype(np.uint8))
    height, width, channels = pixels.shape
    if channels == 1:
        image = QImage(pixels.data, width, height, width, QImage.Format.Format_Grayscale8)
    elif channels == 3:
        image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    else:
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    wanted = round(size * device_pixel_ratio)
    smooth = max(width, height) > wanted
    mode = Qt.TransformationMode.SmoothTransformation if smooth else Qt.TransformationMode.FastTransformation
    made = QPixmap.fromImage(image.copy()).scaled(wanted, wanted, Qt.AspectRatioMode.KeepAspectRatio, mode)
    made.setDevicePixelRatio(device_pixel_ratio)
    return made
