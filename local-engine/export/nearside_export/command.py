"""The command line."""

import argparse
import sys
from pathlib import Path

from nearside_export.adapter import write_adapter
from nearside_export.check import check
from nearside_export.decoder import Logits
from nearside_export.errors import ExportError
from nearside_export.folder import GRAPH_NAME, export_folder
from nearside_export.peft import write_random_adapter
from nearside_export.quantization.blocks import Blocks
from nearside_export.quantization.dynamic import Dynamic
from nearside_export.quantization.pair import DECODE, PREFILL, write_pair, write_single
from nearside_export.quantization.quality import WINDOW, measure, table, write_figures
from nearside_export.quantization.source import FloatGraph
from nearside_export.random_model import SHAPES, write_random_model

RECIPES = {
    "int4": lambda block: Blocks(4, block),
    "int8": lambda block: Blocks(8, block),
    "dyn8": lambda _: Dynamic(),
}


def main() -> None:
    """Runs a subcommand. A model that can't be exported ends in one line and exit status 1."""
    arguments = parser().parse_args()
    try:
        check_folders(arguments)
        arguments.run(arguments)
    except (ExportError, OSError) as error:
        sys.exit(f"error: {error}")


def check_folders(arguments: argparse.Namespace) -> None:
    """Raises `ExportError` for a target that would overwrite what is read."""
    source, target = getattr(arguments, "source", None), getattr(arguments, "target", None)
    if source and source.resolve() == target.resolve():
        raise ExportError(f"{target} is source and target at once; name another target")


def parser() -> argparse.ArgumentParser:
    """All subcommands."""
    whole = argparse.ArgumentParser(prog="nearside-export", description=__doc__)
    commands = whole.add_subparsers(required=True)
    export = commands.add_parser("export", help="Hugging Face folder -> float32 graph")
    export.add_argument("source", type=Path, help="folder with config.json, *.safetensors and tokenizer.json")
    export.add_argument("target", type=Path, help="folder to write")
    add_logits(export, Logits.LAST)
    export.add_argument(
        "--context", type=int, help="the most tokens of prompt and answer (default: the model's own)"
    )
    export.add_argument("--adapters", action="store_true", help="let the graph take LoRA adapters of any rank")
    export.set_defaults(run=run_export)
    compare = commands.add_parser("check", help="compare a graph with what transformers computed")
    compare.add_argument("folder", type=Path)
    compare.add_argument("expected", type=Path, help="expected.json with prompts, logits and greedy tokens")
    compare.set_defaults(run=run_check)
    pair = commands.add_parser("pair", help="float32 graph -> two graphs on one cache, and what they lose")
    add_quantization(pair)
    add_logits(pair, Logits.CHOSEN)
    pair.set_defaults(run=run_pair)
    single = commands.add_parser("single", help="float32 graph -> one quantized graph, and what it loses")
    single.add_argument("recipe", choices=list(RECIPES), help="4-bit or 8-bit blocks, or dynamic 8 bits")
    add_quantization(single)
    add_logits(single, Logits.LAST)
    single.set_defaults(run=run_single)
    random = commands.add_parser("random", help="Hugging Face folder with random weights")
    random.add_argument("shape", choices=list(SHAPES))
    random.add_argument("target", type=Path, help="folder to write")
    random.add_argument("--seed", type=int, default=1)
    random.set_defaults(run=run_random)
    add_adapter_commands(commands)
    return whole


def add_adapter_commands(commands) -> None:
    """`adapter` and `random-adapter`."""
    adapter = commands.add_parser("adapter", help="PEFT LoRA folder -> .onnx_adapter file")
    adapter.add_argument("base", type=Path, help="folder that `export --adapters` wrote")
    adapter.add_argument("peft", type=Path, help="folder with adapter_config.json and adapter_model.safetensors")
    adapter.add_argument("target", type=Path, help="file to write, best in the folder `adapters` beside the graph")
    adapter.set_defaults(run=run_adapter)
    random = commands.add_parser("random-adapter", help="PEFT LoRA folder with random weights")
    random.add_argument("source", type=Path, help="Hugging Face folder with one weight file")
    random.add_argument("target", type=Path, help="folder to write")
    random.add_argument("--rank", type=int, default=8)
    random.add_argument("--seed", type=int, default=1)
    random.add_argument("--modules", nargs="+", default=[], help="projections such as q_proj v_proj (default: all)")
    random.set_defaults(run=run_random_adapter)


def add_logits(command: argparse.ArgumentParser, usual: Logits) -> None:
    """`--logits`; other engines know only graphs without the input that `chosen` adds."""
    text = f"tokens that get logits; `chosen`: the last `num_logits_to_keep` (default: {usual})"
    command.add_argument("--logits", type=Logits, choices=list(Logits), default=usual, help=text)


def add_quantization(command: argparse.ArgumentParser) -> None:
    """What `pair` and `single` have in common."""
    command.add_argument("source", type=Path, help="folder with genai_config.json and a float32 graph")
    command.add_argument("target", type=Path, help="folder to write")
    command.add_argument(
        "--block",
        type=int,
        default=128,
        choices=[16, 32, 64, 128, 256],
        help="weights that share a scale (default: 128)",
    )
    command.add_argument("--text", type=Path, help="text to measure quality on (default: one the model writes)")
    command.add_argument("--windows", type=int, help=f"the most windows of {WINDOW} tokens to measure; 0 for none")


def run_export(arguments: argparse.Namespace) -> None:
    """`export SOURCE TARGET`."""
    export_folder(arguments.source, arguments.target, arguments.logits, arguments.context, arguments.adapters)
    print(f"{arguments.target}: written")


def run_check(arguments: argparse.Namespace) -> None:
    """`check FOLDER EXPECTED`."""
    largest = check(arguments.folder, arguments.expected)
    print(f"{arguments.folder}: tokens equal, logits within {largest:.1e}")


def run_pair(arguments: argparse.Namespace) -> None:
    """`pair SOURCE TARGET`."""
    source = FloatGraph(arguments.source)
    write_pair(source, arguments.target, arguments.block, arguments.logits)
    report(arguments, source, PREFILL, DECODE)


def run_single(arguments: argparse.Namespace) -> None:
    """`single RECIPE SOURCE TARGET`."""
    source = FloatGraph(arguments.source)
    write_single(source, arguments.target, RECIPES[arguments.recipe](arguments.block), arguments.logits)
    report(arguments, source, GRAPH_NAME)


def report(arguments: argparse.Namespace, source: FloatGraph, *graphs: str) -> None:
    """Prints what the target's graphs lose, and writes it beside them."""
    if arguments.windows == 0:
        return
    text = arguments.text.read_text("utf-8") if arguments.text else None
    figures = measure(source, arguments.target, graphs, text, arguments.windows)
    print(table(figures))
    write_figures(figures, arguments.target / "quality.json")


def run_random(arguments: argparse.Namespace) -> None:
    """`random SHAPE TARGET`."""
    write_random_model(arguments.shape, arguments.target, arguments.seed)
    print(f"{arguments.target}: written")


def run_adapter(arguments: argparse.Namespace) -> None:
    """`adapter BASE PEFT TARGET`."""
    write_adapter(arguments.base, arguments.peft, arguments.target)
    print(f"{arguments.target}: written")


def run_random_adapter(arguments: argparse.Namespace) -> None:
    """`random-adapter SOURCE TARGET`."""
    modules = tuple(arguments.modules)
    write_random_adapter(arguments.source, arguments.target, arguments.rank, arguments.seed, modules)
    print(f"{arguments.target}: written")
