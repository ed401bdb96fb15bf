#!/usr/bin/env python3
"""Makes the tagger: texts, training, the graph in 8 bits, figures, the model's card.

    python make.py [--annotated FOLDER] [--fresh]

Goes on where it stopped. `--annotated` names a folder of annotated texts (README.md says which).
"""

import argparse
import shutil
from pathlib import Path

import torch

import card
import dataset
import evaluate
import model
import model_files
import onnx_graph
import reference
import settings
import train
from runtime import Runtime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--annotated", type=Path, help="annotated texts of others, one JSON object a line")
    parser.add_argument("--fresh", action="store_true", help="begin again instead of going on")
    options = parser.parse_args()
    if options.fresh:
        shutil.rmtree(settings.WORK, ignore_errors=True)
    settings.WORK.mkdir(exist_ok=True)
    torch.manual_seed(settings.SEED)

    taught, kept, tokenizer, pieces = dataset.cached(options.annotated)
    print(f"{len(taught.ids)} tokens in {len(taught.starts) - 1} windows, {len(pieces)} new words", flush=True)
    tagger = model.from_base(pieces, settings.WINDOW)
    train.train(tagger, taught)
    float_graph = settings.WORK / "model.onnx"
    onnx_graph.write(tagger, float_graph, is_int8=False)
    model_files.write(tagger, tokenizer)
    figures = {
        "float": evaluate.evaluate(Runtime(float_graph, tokenizer), kept),
        "int8": evaluate.evaluate(Runtime(settings.MODEL / "model.onnx", tokenizer), kept),
    }
    card.write(figures, taught, len(pieces))
    reference.write(Runtime(settings.MODEL / "model.onnx", tokenizer))


if __name__ == "__main__":
    main()
