"""Makes the small models that the engine's tests run: `local-engine/testdata/exported/`.

Random weights, exported and quantized by this package. What the float32 graphs must generate is
computed by plain numpy, for an adapter with its factors merged into the weights, so that the tests
check the exporter as much as the engine; what the quantized graphs must generate is what ONNX
Runtime computes here with one thread.
"""

import tempfile
from pathlib import Path

import numpy as np
from growing_testdata import write_growing
from tokenizers import Tokenizer

from nearside_export.adapter import write_adapter
from nearside_export.decoder import Logits
from nearside_export.folder import GRAPH_NAME, export_folder, write_json
from nearside_export.peft import merge, write_random_adapter
from nearside_export.quantization.pair import DECODE, PREFILL, write_pair
from nearside_export.quantization.source import FloatGraph
from nearside_export.random_model import write_random_model
from nearside_export.reference import Reference
from nearside_export.session import Session

TESTDATA = Path(__file__).resolve().parents[1] / "testdata" / "exported"
MODELS = {"tiny-llama": 40, "tiny-mixtral": 119}
"""Names of shapes, with seeds whose best logits lie well apart in every graph."""
ADAPTED = "tiny-llama-adapters"
"""A graph that takes adapters, and two of them."""
ADAPTERS = {"red": (4, 2, ()), "blue": (6, 13, ("q_proj", "v_proj"))}
"""Rank, seed and projections of each adapter."""
GAIN = 3.0
"""Spreads logits far enough apart that processors agree on the best."""
PROMPT = "the gateway listens on a port"
STEPS = 24


def main() -> None:
    """Makes every model with its graphs and cases."""
    for name, seed in MODELS.items():
        with tempfile.TemporaryDirectory() as folder:
            original = Path(folder) / name
            write_random_model(name, original, seed, GAIN)
            export_folder(original, TESTDATA / name)
            write_pair(FloatGraph(TESTDATA / name), TESTDATA / f"{name}-pair", block=32)
            write_cases(original, TESTDATA / name)
            if name == "tiny-llama":
                make_adapted(original)


def make_adapted(original: Path) -> None:
    """The graphs that take adapters, the adapters, and what each of them makes of the model. The
    float32 graphs with a shared and with a growing cache generate the same."""
    folder = TESTDATA / ADAPTED
    export_folder(original, folder, Logits.CHOSEN, adapters=True)
    write_growing(folder / GRAPH_NAME, folder / "growing" / GRAPH_NAME)
    pair = folder.with_name(f"{ADAPTED}-pair")
    write_pair(FloatGraph(folder), pair, block=32)
    ids = prompt_ids(original)
    cases = {"": adapted_cases(original, pair, None, ids)}
    for name, (rank, seed, modules) in ADAPTERS.items():
        peft, merged = original.with_name(f"{name}-peft"), original.with_name(f"{name}-merged")
        file = folder / "adapters" / f"{name}.onnx_adapter"
        write_random_adapter(original, peft, rank, seed, modules)
        write_adapter(folder, peft, file)
        merge(original, peft, merged)
        cases[name] = adapted_cases(merged, pair, file, ids)
    write_json(folder / "expected.json", {"prompt_ids": ids, "adapters": cases})


def adapted_cases(merged: Path, pair: Path, adapter: Path | None, ids: list[int]) -> dict:
    """What the float32 graph and the pair generate with an adapter that `merged` has in its weights."""
    greedy, first, margin = Reference(merged).greedy(ids, STEPS)
    written, logits = Session(TESTDATA / ADAPTED / GRAPH_NAME, adapter=adapter).greedy(ids, STEPS)
    if written != greedy or np.abs(first - logits).max() > 1e-4:
        raise SystemExit(f"{adapter}: the graph does not compute what the reference computes")
    sessions = [Session(pair / graph, adapter=adapter) for graph in (PREFILL, DECODE)]
    return {GRAPH_NAME: case(greedy, margin), "pair": case(*continued(*sessions, ids))}


def write_cases(original: Path, folder: Path) -> None:
    """`expected.json` in the float32 folder, for all graphs."""
    ids = prompt_ids(original)
    greedy, first, margin = Reference(original).greedy(ids, STEPS)
    written, logits = Session(folder / GRAPH_NAME).greedy(ids, STEPS)
    if written != greedy or np.abs(first - logits).max() > 1e-4:
        raise SystemExit(f"{folder.name}: the graph does not compute what the reference computes")
    pair = folder.with_name(f"{folder.name}-pair")
    sessions = [Session(pair / PREFILL), Session(pair / DECODE)]
    cases = {
        GRAPH_NAME: case(greedy, margin),
        PREFILL: case(*continued(sessions[0], sessions[0], ids)),
        DECODE: case(*continued(sessions[1], sessions[1], ids)),
        "pair": case(*continued(*sessions, ids)),
    }
    write_json(folder / "expected.json", {"prompt": PROMPT, "prompt_ids": ids, "graphs": cases})


def prompt_ids(folder: Path) -> list[int]:
    """The prompt's tokens."""
    return Tokenizer.from_file(str(folder / "tokenizer.json")).encode(PROMPT).ids


def continued(prefill: Session, decode: Session, ids: list[int]) -> tuple[list[int], float]:
    """Greedy tokens where one graph reads the prompt and the other goes on, and the smallest
    distance between the two best logits."""
    logits, cache = prefill.run(ids, prefill.empty_cache())
    written, margin = [], np.inf
    while len(written) < STEPS:
        second, best = np.partition(logits[-1], -2)[-2:]
        margin = min(margin, float(best - second))
        written.append(int(np.argmax(logits[-1])))
        logits, cache = decode.run(written[-1:], cache)
    return written, margin


def case(greedy: list[int], margin: float) -> dict:
    """What one graph generates."""
    return {"greedy_ids": greedy, "min_margin": round(margin, 4)}


if __name__ == "__main__":
    main()
