"""Makes nearside-tiny from nothing: data, tokenizer, weights, ONNX graph, figures, test cases.

Run it again after an interruption and it goes on from the last checkpoint. `--fresh` starts
over. Everything intermediate lies in `.work/`, everything that ships in
`local-engine/models/nearside-tiny/` and `local-engine/testdata/nearside-tiny.json`.
"""

import argparse
import logging
import shutil
import time

import dataset
import evaluate
import model_files
import onnx_graph
import reference
import tokenizer as bpe
import train
import verify
from model import count_parameters
from settings import MODEL_DIR, WORK_DIR

TOKENIZER = WORK_DIR / "tokenizer.json"
FLOAT_GRAPH = WORK_DIR / "float.onnx"


def trained_weights() -> tuple[dict, int]:
    """Tokenizer, weights and number of steps, from `.work/` where they are finished already."""
    if not TOKENIZER.exists():
        print("learning the tokenizer")
        dataset.learn_tokenizer().save(str(TOKENIZER))
    if train.WEIGHTS.exists():
        return train.finished()
    print("generating the training data")
    return train.train(dataset.packed_rows(bpe.load(TOKENIZER)))


def write_model(weights: dict) -> None:
    """Everything the engine reads, and the proof that the graph is right."""
    MODEL_DIR.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(TOKENIZER, MODEL_DIR / "tokenizer.json")
    model_files.write_all(MODEL_DIR)
    print("writing and checking the graphs")
    onnx_graph.write_float(weights, FLOAT_GRAPH)
    onnx_graph.write_eight_bit(weights, MODEL_DIR / "model.onnx", WORK_DIR)
    verify.check_float(weights, FLOAT_GRAPH, MODEL_DIR)


def main() -> None:
    """All stages in order."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--fresh", action="store_true", help="forget tokenizer, checkpoints and weights")
    if arguments.parse_args().fresh:
        shutil.rmtree(WORK_DIR, ignore_errors=True)
    WORK_DIR.mkdir(exist_ok=True)
    logging.getLogger().setLevel(logging.ERROR)
    start = time.monotonic()
    weights, steps = trained_weights()
    write_model(weights)
    reference.write_cases()
    evaluate.write_card(evaluate.measure(), count_parameters(weights), steps)
    print(f"done after {(time.monotonic() - start) / 60:.1f} minutes")


if __name__ == "__main__":
    main()
