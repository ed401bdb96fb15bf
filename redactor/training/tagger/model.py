"""The tagger: a BERT encoder with a second input for case, and one score a label for each token."""

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

import vocabulary
from settings import CASES, DROPOUT, HEADS, HIDDEN, LABELS, LAYERS


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.up = nn.Linear(HIDDEN, 4 * HIDDEN)
        self.down = nn.Linear(4 * HIDDEN, HIDDEN)
        self.last_norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, x, mask):
        rows, tokens, _ = x.shape
        q, k, v = self.qkv(x).view(rows, tokens, 3, HEADS, HIDDEN // HEADS).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        mixed = mixed.transpose(1, 2).reshape(rows, tokens, HIDDEN)
        x = self.norm(x + self.dropout(self.out(mixed)))
        return self.last_norm(x + self.dropout(self.down(functional.gelu(self.up(x)))))


class Tagger(nn.Module):
    def __init__(self, words: int, window: int):
        super().__init__()
        self.words = nn.Embedding(words, HIDDEN)
        self.places = nn.Embedding(window, HIDDEN)
        self.cases = nn.Embedding(CASES, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.dropout = nn.Dropout(DROPOUT)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.scores = nn.Linear(HIDDEN, len(LABELS))

    def forward(self, ids, cases, mask):
        """Scores [rows, tokens, labels] of ids and cases [rows, tokens]; `mask` is True for tokens."""
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.dropout(self.norm(self.words(ids) + self.places(places) + self.cases(cases)))
        mask = mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask)
        return self.scores(x)


def from_base(pieces: dict[str, list[int]], window: int) -> Tagger:
    """A tagger with the base's weights. A new word begins as the mean of its pieces."""
    weights = load_file(str(vocabulary.base_folder() / "model.safetensors"))
    get = lambda name: weights[name].float()
    old = get("embeddings.word_embeddings.weight")
    added = torch.stack([old[ids].mean(0) for ids in pieces.values()]) if pieces else old[:0]
    tagger = Tagger(len(old) + len(added), window)
    state = {
        "words.weight": torch.cat([old, added]),
        "places.weight": get("embeddings.position_embeddings.weight")[:window],
        "cases.weight": get("embeddings.token_type_embeddings.weight")[:1].repeat(CASES, 1)
        + 0.01 * torch.randn(CASES, HIDDEN),
        **_both(get, "norm", "embeddings.LayerNorm"),
    }
    for number in range(LAYERS):
        of, to = f"encoder.layer.{number}", f"layers.{number}"
        for kind in ("weight", "bias"):
            parts = [get(f"{of}.attention.self.{part}.{kind}") for part in ("query", "key", "value")]
            state[f"{to}.qkv.{kind}"] = torch.cat(parts)
        state |= _both(get, f"{to}.out", f"{of}.attention.output.dense")
        state |= _both(get, f"{to}.norm", f"{of}.attention.output.LayerNorm")
        state |= _both(get, f"{to}.up", f"{of}.intermediate.dense")
        state |= _both(get, f"{to}.down", f"{of}.output.dense")
        state |= _both(get, f"{to}.last_norm", f"{of}.output.LayerNorm")
    missing = tagger.load_state_dict(state, strict=False).missing_keys
    assert missing == ["scores.weight", "scores.bias"], missing
    nn.init.normal_(tagger.scores.weight, std=0.02)
    nn.init.constant_(tagger.scores.bias, -3.0)  # most tokens have no label
    return tagger


def _both(get, to: str, of: str) -> dict[str, torch.Tensor]:
    return {f"{to}.{kind}": get(f"{of}.{kind}") for kind in ("weight", "bias")}
