"""What a decoder is made of, independent of how its configuration file calls it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rotary:
    """Rotary position embedding: a rate in radians per token for each pair of channels."""

    rates: tuple[float, ...]
    """Half as many as the channels that are rotated; the channels after them stay as they are."""
    scale: float = 1.0
    """Factor on cosines and sines."""


@dataclass(frozen=True)
class Attention:
    """How one layer attends."""

    rotary: Rotary | None
    """`None` for a layer without positions."""
    window: int | None = None
    """The most positions a token sees, itself included; `None` for all before it."""


@dataclass(frozen=True)
class Experts:
    """A mixture of experts instead of one feed-forward network."""

    count: int
    used: int
    """Experts that read each token."""
    sums_to_one: bool
    """Whether the shares of those experts are scaled up to one."""


@dataclass(frozen=True)
class Architecture:
    """A decoder with grouped-query attention and gated feed-forward networks."""

    family: str
    """`model_type` of its configuration."""
    vocabulary: int
    hidden: int
    heads: int
    kv_heads: int
    head_size: int
    context: int
    """The most tokens of prompt and answer together; the length of the rotary tables."""
    norm_epsilon: float
    layers: tuple[Attention, ...]
    attention_scale: float
    """Factor on the products of queries and keys."""
    activation: str = "silu"
    """`silu` or `gelu_tanh`."""
    attention_softcap: float = 0.0
    """Products of queries and keys stay below it (`cap * tanh(x / cap)`); 0 for none."""
    final_softcap: float = 0.0
    """Likewise for logits."""
    embedding_scale: float = 1.0
    experts: Experts | None = None
