"""JPEGs decoded and encoded in batches: by libjpeg-turbo, on a CUDA device by nvImageCodec.

nvImageCodec (the package `nvidia-nvimgcodec-cu13`) is needed for the latter only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Literal

import numpy as np
import simplejpeg
import torch
from torch import Tensor
from torch.utils.dlpack import from_dlpack

from gpu_ops.jpeg_header import JpegError, read_header

Subsampling = Literal["444", "422", "420", "440", "411"]
Decoded = Tensor | JpegError

_TURNS: dict[int, tuple[bool, bool, bool]] = {
    # Whether rows and columns are exchanged, then whether rows and columns run backwards.
    1: (False, False, False),
    2: (False, False, True),
    3: (False, True, True),
    4: (False, True, False),
    5: (True, False, False),
    6: (True, False, True),
    7: (True, True, True),
    8: (True, True, False),
}


def decode_on_cpu(data: bytes) -> Tensor:
    """One JPEG as an upright picture, uint8 `[height, width, 3]`, RGB; raises `JpegError`."""
    orientation = read_header(data).orientation
    try:
        pixels = torch.from_numpy(simplejpeg.decode_jpeg(data, "RGB"))
    except ValueError as error:
        raise JpegError(str(error)) from error
    return upright(pixels, orientation)


def decode(
    files: Sequence[bytes],
    device: torch.device,
    elsewhere: Callable[[bytes], Tensor] = decode_on_cpu,
) -> list[Decoded]:
    """JPEGs as upright pictures, uint8 `[height, width, 3]`, RGB, contiguous, on a device.

    A file that cannot be decoded gives a `JpegError` in its place; the others come out. What the
    device's decoder cannot be trusted with (CMYK, 12 bits, arithmetic coding, by its header) or
    gives up on is decoded by `elsewhere`, on the processor. Decoders round differently: devices
    agree to within a few levels.
    """
    found: list[Decoded | None] = [None] * len(files)
    if device.type == "cuda":
        common = [index for index, data in enumerate(files) if _is_common(data)]
        images = _decode_with_nvimgcodec([files[index] for index in common], device)
        for index, image in zip(common, images, strict=True):
            found[index] = image
    return [
        _attempt(elsewhere, data, device) if image is None else image
        for data, image in zip(files, found, strict=True)
    ]


def encode(
    images: Sequence[Tensor], quality: int = 85, subsampling: Subsampling = "420"
) -> list[bytes]:
    """Pictures as JPEGs, in the order given.

    They are uint8 and contiguous, on one device, and all RGB, `[height, width, 3]`, or all grey,
    `[height, width]`, which has no chroma to sample. `quality` is 1 to 100, as in libjpeg. Raises
    `JpegError`.
    """
    if images and images[0].is_cuda:
        return _encode_with_nvimgcodec(images, quality, subsampling)
    return [_encode_on_cpu(image, quality, subsampling) for image in images]


def upright(pixels: Tensor, orientation: int) -> Tensor:
    """A picture turned as its EXIF orientation (1 to 8) says; contiguous."""
    exchange, rows, columns = _TURNS[orientation]
    turned = pixels.transpose(0, 1) if exchange else pixels
    backwards = [axis for axis, yes in enumerate((rows, columns)) if yes]
    return (turned.flip(backwards) if backwards else turned).contiguous()


def _encode_on_cpu(image: Tensor, quality: int, subsampling: Subsampling) -> bytes:
    grey = image.dim() == 2
    pixels = np.ascontiguousarray(image.numpy().reshape(*image.shape[:2], 1 if grey else 3))
    try:
        data: bytes = simplejpeg.encode_jpeg(
            pixels, quality, "GRAY" if grey else "RGB", "Gray" if grey else subsampling
        )
    except ValueError as error:
        raise JpegError(str(error)) from error
    return data


def _is_common(data: bytes) -> bool:
    try:
        return read_header(data).is_common
    except JpegError:
        return False


def _attempt(decoder: Callable[[bytes], Tensor], data: bytes, device: torch.device) -> Decoded:
    try:
        return decoder(data).to(device)
    except JpegError as error:
        return error


def _decode_with_nvimgcodec(files: Sequence[bytes], device: torch.device) -> list[Tensor | None]:
    """Pictures on a CUDA device; None for what was not decoded."""
    if not files:
        return []
    codec = _nvimgcodec()
    decoder, _ = _codecs(device.index or 0)
    streams = [_stream_of(data) for data in files]
    images = iter(
        decoder.decode(
            [stream for stream in streams if stream is not None],
            params=codec.DecodeParams(apply_exif_orientation=True, color_spec=codec.ColorSpec.SRGB),
            cuda_stream=torch.cuda.current_stream(device).cuda_stream,
        )
    )
    found = [None if stream is None else next(images) for stream in streams]
    return [None if image is None else from_dlpack(image).contiguous() for image in found]


def _stream_of(data: bytes) -> Any:
    """A file as the codec knows it; None where its parser gives up, and with it on a batch."""
    try:
        return _nvimgcodec().CodeStream(data)
    except RuntimeError:
        return None


def _encode_with_nvimgcodec(
    images: Sequence[Tensor], quality: int, subsampling: Subsampling
) -> list[bytes]:
    codec = _nvimgcodec()
    device = images[0].device
    _, encoder = _codecs(device.index or 0)
    stream = torch.cuda.current_stream(device).cuda_stream
    grey = images[0].dim() == 2
    name = "CSS_GRAY" if grey else f"CSS_{subsampling}"
    encoded = encoder.encode(
        [codec.as_image(image.unsqueeze(2) if grey else image, stream) for image in images],
        codec="jpeg",
        params=codec.EncodeParams(
            quality_type=codec.QualityType.QUALITY,
            quality_value=quality,
            chroma_subsampling=getattr(codec.ChromaSubsampling, name),
        ),
        cuda_stream=stream,
    )
    if any(data is None for data in encoded):
        raise JpegError("a picture cannot be encoded on the device")
    return [bytes(data) for data in encoded]


def _nvimgcodec() -> Any:
    try:
        from nvidia import nvimgcodec
    except ImportError as error:
        message = "JPEGs on a CUDA device need nvidia-nvimgcodec: pip install 'scanner-ocr[cuda]'"
        raise JpegError(message) from error
    return nvimgcodec


@cache
def _codecs(device: int) -> tuple[Any, Any]:
    """A decoder and an encoder for a CUDA device; they keep their buffers for the next batch."""
    codec = _nvimgcodec()
    return codec.Decoder(device_id=device), codec.Encoder(device_id=device)
