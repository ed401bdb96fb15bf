"""Rounds matrices to few bits in blocks, with the scales that lose least.

Rounding to nearest with the largest weight at the end of the range wastes it on outliers. Here each
block tries smaller ranges, keeps the one with the least squared error, and then takes the scale that
fits its rounded numbers best (least squares). The file and its speed stay the same; on the stories
model 4-bit blocks of 32 lose a quarter less (KL 0.106 instead of 0.140), those of 128 a seventh.
"""

import numpy as np

RANGES = np.linspace(0.7, 1.05, 15)
"""Scales that are tried, as shares of the one that just holds the largest weight."""
CHUNK = 1 << 20
"""Weights that are rounded at once: few enough for a processor's cache."""


def rounded_blocks(weight: np.ndarray, bits: int, block: int) -> tuple[np.ndarray, np.ndarray]:
    """`weight`, [in, out], as `MatMulNBits` takes it: packed numbers uint8 [out, blocks, bytes] around
    a zero point of half the range, low bits first, and scales float32 [out, blocks]."""
    columns = max(1, CHUNK // weight.shape[0])
    parts = [
        rounded_columns(weight[:, start : start + columns].T, bits, block)
        for start in range(0, weight.shape[1], columns)
    ]
    return np.concatenate([numbers for numbers, _ in parts]), np.concatenate([scales for _, scales in parts])


def rounded_columns(weight: np.ndarray, bits: int, block: int) -> tuple[np.ndarray, np.ndarray]:
    """The same for some columns, [out, in]."""
    padding = -weight.shape[1] % block
    blocks = np.pad(weight, ((0, 0), (0, padding))).reshape(len(weight), -1, block)
    half = 2 ** (bits - 1)
    numbers, scales = best_rounding(blocks, half, widest_scales(blocks, half))
    squares = (numbers * numbers).sum(-1, keepdims=True)
    fitted = (numbers * blocks).sum(-1, keepdims=True) / np.maximum(squares, 1)
    scales = np.where(squares > 0, fitted, scales)
    return packed((numbers + half).astype(np.uint8), bits), scales[..., 0].astype(np.float32)


def widest_scales(blocks: np.ndarray, half: int) -> np.ndarray:
    """Scales, negative ones too, that put each block's largest weight on the longer side of the range."""
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(-1, keepdims=True), -1)
    return np.where(largest == 0, np.float32(1), largest / np.float32(-half))


def best_rounding(blocks: np.ndarray, half: int, widest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Numbers from -half to half - 1 and their scales, with the least squared error of all `RANGES`."""
    least, numbers, scales = np.full_like(widest, np.inf), np.zeros_like(blocks), widest
    for share in RANGES.astype(np.float32):
        tried = widest * share
        rounded = np.clip(np.rint(blocks / tried), -half, half - 1)
        error = np.square(rounded * tried - blocks).sum(-1, keepdims=True)
        better = error < least
        least = np.where(better, error, least)
        scales = np.where(better, tried, scales)
        np.copyto(numbers, rounded, where=better)
    return numbers, scales


def packed(numbers: np.ndarray, bits: int) -> np.ndarray:
    """As many numbers in a byte as fit."""
    return numbers[..., 0::2] | numbers[..., 1::2] << 4 if bits == 4 else numbers
