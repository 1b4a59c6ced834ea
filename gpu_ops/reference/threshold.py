"""Thresholds from sums over whole windows, in double precision."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d


def sauvola(image: Tensor, window: int, strictness: float, lowest: int, highest: int) -> Tensor:
    """See `gpu_ops.threshold.sauvola`."""
    return image > sauvola_limit(image, window, strictness, lowest, highest)


def sauvola_limit(
    image: Tensor, window: int, strictness: float, lowest: int, highest: int
) -> Tensor:
    """What a pixel must be above to be white, float64."""
    grey = _around(image, window, mirrored=True)
    mean = _mean(grey, window)
    deviation = (_mean(grey**2, window) - mean**2).clamp(min=0).sqrt()
    return (mean * (1 + strictness * (deviation / 128 - 1))).clamp(lowest, highest)


def darker(image: Tensor, window: int, by: int) -> Tensor:
    """See `gpu_ops.threshold.darker`."""
    mean = _mean(_around(image, window, mirrored=False), window)
    return image <= mean.round() - by


def _around(image: Tensor, window: int, mirrored: bool) -> Tensor:
    """The picture, float64, with half a window more on all sides."""
    return image[_places(image.shape[0], window, mirrored)][
        :, _places(image.shape[1], window, mirrored)
    ].double()


def _places(side: int, window: int, mirrored: bool) -> Tensor:
    """Which rows or columns are meant by those from half a window before to as much after."""
    places = torch.arange(-(window // 2), side + window // 2)
    if not mirrored:
        return places.clamp(0, side - 1)
    period = max(1, 2 * (side - 1))
    places = places % period
    return torch.minimum(places, period - places).clamp(max=side - 1)


def _mean(grey: Tensor, window: int) -> Tensor:
    total = avg_pool2d(grey[None, None], window, stride=1, divisor_override=1)[0, 0]
    return total / window**2
