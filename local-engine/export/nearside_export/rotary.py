"""Rotary position embeddings: rates from a configuration, tables for the graph."""

import math

import numpy as np

from nearside_export.architecture import Rotary
from nearside_export.errors import ExportError


def rotary_tables(rotary: Rotary, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Cosines and sines, each float32 [length, rotated channels / 2]."""
    angles = np.arange(length, dtype=np.float64)[:, None] * np.array(rotary.rates)[None, :]
    tables = np.cos(angles) * rotary.scale, np.sin(angles) * rotary.scale
    return tables[0].astype(np.float32), tables[1].astype(np.float32)


def plain_rates(theta: float, channels: int) -> np.ndarray:
    """`theta ** (-2 i / channels)` for each pair of channels (Su et al., "RoFormer", 2021)."""
    half = channels // 2
    return theta ** (-np.arange(half, dtype=np.float64) / half)


def rotary_of(rope: dict, config: dict, head_size: int) -> Rotary:
    """The embedding that `rope` (`rope_scaling` or `rope_parameters`, with `rope_theta`) asks for.

    Raises `ExportError` for a kind that has no formula here.
    """
    share = rope.get("partial_rotary_factor") or config.get("partial_rotary_factor") or 1.0
    rates = plain_rates(rope["rope_theta"], int(head_size * share))
    kind = rope.get("rope_type") or rope.get("type") or "default"
    if kind == "default":
        return Rotary(tuple(rates))
    if kind == "linear":
        return Rotary(tuple(rates / rope["factor"]))
    if kind == "llama3":
        return Rotary(tuple(llama3_rates(rates, rope)))
    if kind == "longrope":
        return longrope(rates, rope, config)
    raise ExportError(f"rotary scaling `{kind}` is not known; known: default, linear, llama3, longrope")


def llama3_rates(rates: np.ndarray, rope: dict) -> np.ndarray:
    """Slow rates are divided by the factor, fast ones kept, those between blended (Llama 3.1)."""
    low, high = rope["low_freq_factor"], rope["high_freq_factor"]
    turns = rope["original_max_position_embeddings"] * rates / (2 * math.pi)
    blend = np.clip((turns - low) / (high - low), 0.0, 1.0)
    return (1 - blend) * rates / rope["factor"] + blend * rates


def longrope(rates: np.ndarray, rope: dict, config: dict) -> Rotary:
    """A divisor for each rate (Ding et al., "LongRoPE", 2024), those of the short range.

    Past the original window another table would begin while cached keys keep the old one, so the
    graph is for the original window; `original_window` says how long that is.
    """
    factor = config["max_position_embeddings"] / original_window(rope, config)
    scale = 1.0 if factor <= 1 else math.sqrt(1 + math.log(factor) / math.log(original_window(rope, config)))
    return Rotary(tuple(rates / np.array(rope["short_factor"])), rope.get("attention_factor") or scale)


def original_window(rope: dict, config: dict) -> int:
    """The window a `longrope` model was first trained for."""
    return rope.get("original_max_position_embeddings") or config["original_max_position_embeddings"]
