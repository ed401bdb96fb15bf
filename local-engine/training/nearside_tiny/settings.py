"""Every number that shapes the model, its training and its files."""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORK_DIR = HERE / ".work"
MODEL_DIR = HERE.parents[1] / "models" / "nearside-tiny"
TESTDATA_FILE = HERE.parents[1] / "testdata" / "nearside-tiny.json"


@dataclass(frozen=True)
class ModelShape:
    """A small Llama-style decoder with tied embeddings."""

    vocab_size: int = 1536
    hidden: int = 128
    layers: int = 5
    heads: int = 4
    kv_heads: int = 2
    head_dim: int = 32
    ffn: int = 384
    context: int = 2048
    rope_theta: float = 10000.0
    norm_eps: float = 1e-5

    @property
    def qkv_width(self) -> int:
        """Columns of the fused query, key and value projection."""
        return (self.heads + 2 * self.kv_heads) * self.head_dim


@dataclass(frozen=True)
class Training:
    """How long and how hard to train."""

    seed: int = 20261120
    conversations: int = 200_000
    tokenizer_sample: int = 40_000
    row_lengths: tuple[int, ...] = (128, 256, 512, 1024)
    batch_tokens: int = 2048
    peak_rate: float = 4e-3
    warmup_steps: int = 150
    weight_decay: float = 0.05
    clip: float = 1.0
    prompt_weight: float = 0.1
    checkpoint_every: int = 250


SHAPE = ModelShape()
TRAINING = Training()
