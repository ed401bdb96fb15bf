"""The command line."""

import argparse
import sys
from pathlib import Path

from nearside_export.check import check
from nearside_export.decoder import Logits
from nearside_export.errors import ExportError
from nearside_export.folder import export_folder


def main() -> None:
    """Runs a subcommand. A model that can't be exported ends in one line and exit status 1."""
    arguments = parser().parse_args()
    try:
        arguments.run(arguments)
    except ExportError as error:
        sys.exit(f"error: {error}")


def parser() -> argparse.ArgumentParser:
    """All subcommands."""
    whole = argparse.ArgumentParser(prog="nearside-export", description=__doc__)
    commands = whole.add_subparsers(required=True)
    export = commands.add_parser("export", help="Hugging Face folder -> float32 graph")
    export.add_argument("source", type=Path, help="folder with config.json, *.safetensors and tokenizer.json")
    export.add_argument("target", type=Path, help="folder to write")
    export.add_argument("--logits", type=Logits, choices=list(Logits), default=Logits.LAST, help="tokens that get logits")
    export.add_argument("--context", type=int, help="the most tokens of prompt and answer (default: the model's own)")
    export.set_defaults(run=run_export)
    compare = commands.add_parser("check", help="compare a graph with what transformers computed")
    compare.add_argument("folder", type=Path)
    compare.add_argument("expected", type=Path, help="expected.json with prompts, logits and greedy tokens")
    compare.set_defaults(run=run_check)
    return whole


def run_export(arguments: argparse.Namespace) -> None:
    """`export SOURCE TARGET`."""
    export_folder(arguments.source, arguments.target, arguments.logits, arguments.context)
    print(f"{arguments.target}: written")


def run_check(arguments: argparse.Namespace) -> None:
    """`check FOLDER EXPECTED`."""
    largest = check(arguments.folder, arguments.expected)
    print(f"{arguments.folder}: tokens equal, logits within {largest:.1e}")
