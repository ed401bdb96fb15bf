"""Measures what a quantized graph loses against the float32 one, on a text.

- KL: mean Kullback-Leibler divergence of its next-token distribution from float32's, in nats.
- Same top token: share of positions where the likeliest token is the same.
- Perplexity: of the text itself; it means something only for a text like those the model learned.

Each graph reads the text in windows, as it would read prompts. A pair is measured as it is used:
the first half of a window goes through one graph, the second half, token by token, through the
other on the same cache; its figures are those of the second half.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import onnx
from tokenizers import Tokenizer

from nearside_export.decoder import Logits
from nearside_export.errors import ExportError
from nearside_export.folder import write_json
from nearside_export.graph import Graph
from nearside_export.quantization.head import declare_logits, with_logits
from nearside_export.quantization.pair import DECODE, PREFILL, Progress
from nearside_export.quantization.source import FloatGraph
from nearside_export.session import Session

WINDOW = 256
"""Tokens that are read at once."""
OWN_TEXT_WINDOWS = 4
"""Windows of text that the float32 graph writes where no text is given."""


@dataclass
class Quality:
    """What one graph loses. Sums over positions until `finished`."""

    graph: str
    positions: int = 0
    kl: float = 0.0
    same_top: float = 0.0
    perplexity: float = 0.0
    perplexity_float32: float = 0.0

    def add(self, exact: np.ndarray, measured: np.ndarray, following: list[int]) -> None:
        """Logits of both graphs, [tokens, vocabulary], and the tokens of the text that follow."""
        exact, measured = log_softmax(exact), log_softmax(measured)
        rows = np.arange(len(following))
        self.positions += len(following)
        self.kl += float((np.exp(exact) * (exact - measured)).sum())
        self.same_top += int((exact.argmax(-1) == measured.argmax(-1)).sum())
        self.perplexity -= float(measured[rows, following].sum())
        self.perplexity_float32 -= float(exact[rows, following].sum())

    def finished(self) -> "Quality":
        """Means instead of sums."""
        count = max(self.positions, 1)
        perplexities = (float(np.exp(total / count)) for total in (self.perplexity, self.perplexity_float32))
        return Quality(self.graph, count, self.kl / count, self.same_top / count, *perplexities)


def measure(
    source: FloatGraph, folder: Path, graphs: tuple[str, ...], text: str | None, windows: int | None = None
) -> list[Quality]:
    """The quality of the named graphs in `folder`. Without a text, on one that float32 writes."""
    exact = session_of(source.folder, source.path.name)
    parts = list(islice(windows_of(source, exact, text_ids(folder, text)), windows))
    sessions = {name: session_of(folder, name) for name in graphs}
    figures = {name: Quality(name) for name in sessions}
    if PREFILL in sessions:
        figures["pair"] = Quality("pair")
    with Progress("quality") as progress:
        for done, ids in enumerate(parts, 1):
            reference, _ = exact.run(ids[:-1], exact.empty_cache())
            for name, session in sessions.items():
                logits, _ = session.run(ids[:-1], session.empty_cache())
                figures[name].add(reference, logits, ids[1:])
            if "pair" in figures:
                half = len(ids) // 2
                figures["pair"].add(reference[half:], pair_logits(sessions, ids[:-1], half), ids[half + 1 :])
            progress.show(done, len(parts))
    return [figure.finished() for figure in figures.values()]


def pair_logits(sessions: dict[str, Session], ids: list[int], half: int) -> np.ndarray:
    """Logits of the tokens from `half` on, decoded on the cache that prefill left."""
    _, cache = sessions[PREFILL].run(ids[:half], sessions[PREFILL].empty_cache())
    rows = []
    for token in ids[half:]:
        logits, cache = sessions[DECODE].run([token], cache)
        rows.append(logits[-1])
    return np.stack(rows)


def text_ids(folder: Path, text: str | None) -> list[int] | None:
    """The tokens of a text. Raises `ExportError` for one that is too short to measure on."""
    if text is None:
        return None
    ids = Tokenizer.from_file(str(folder / "tokenizer.json")).encode(text, add_special_tokens=False).ids
    if len(ids) < 2:
        raise ExportError("the text has fewer than two tokens; give a longer one")
    return ids


def windows_of(source: FloatGraph, exact: Session, ids: list[int] | None) -> Iterator[list[int]]:
    """The text in windows of tokens, each with at least two; the model's own where there is none."""
    start = source.config["model"].get("bos_token_id")
    starts = [] if start is None else [start]
    if ids is None:
        for seed in range(OWN_TEXT_WINDOWS):
            yield written(exact, starts or [seed + 1], np.random.default_rng(seed))
        return
    for begin in range(0, len(ids) - 1, WINDOW):
        yield starts + ids[begin : begin + WINDOW]


def written(session: Session, ids: list[int], rng: np.random.Generator) -> list[int]:
    """`ids` and what the model says after them, drawn from its distribution."""
    logits, cache = session.run(ids, session.empty_cache())
    ids = list(ids)
    while len(ids) < WINDOW:
        odds = np.exp(log_softmax(logits[-1].astype(np.float64)))
        ids.append(int(rng.choice(len(odds), p=odds / odds.sum())))
        logits, cache = session.run(ids[-1:], cache)
    return ids


def session_of(folder: Path, name: str) -> Session:
    """A graph of a folder with logits for all tokens, whatever it was written with."""
    model = onnx.load(folder / name, load_external_data=False)
    graph = Graph()
    nodes = with_logits(graph, list(model.graph.node), Logits.ALL)
    model.graph.ClearField("node")
    model.graph.node.extend(nodes)
    declare_logits(model, Logits.ALL)
    return Session(model, threads=0, folder=folder)


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Logarithms of probabilities over the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def table(figures: list[Quality]) -> str:
    """The figures in lines."""
    lines = ["graph          positions   KL (nats)   same top   perplexity   of float32"]
    for figure in figures:
        lines.append(
            f"{figure.graph:14} {figure.positions:9} {figure.kl:11.4f} {figure.same_top:9.1%}"
            f" {figure.perplexity:12.3f} {figure.perplexity_float32:12.3f}"
        )
    return "\n".join(lines)


def write_figures(figures: list[Quality], path: Path) -> None:
    """The figures as JSON."""
    write_json(path, {"window_tokens": WINDOW, "graphs": [asdict(figure) for figure in figures]})
