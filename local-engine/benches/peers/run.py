#!/usr/bin/env python3
"""The engine beside ONNX Runtime GenAI and llama.cpp: same machine, same weights, same bits.

    local-engine/benches/peers/run.py --work DIR

Makes a random model of SmolLM2-135M's shape in every form (speed depends on shape, not on what was
learned), installs and builds the peers into DIR (a gigabyte; kept for the next run), then lets all
take turns, round after round, each in a process of its own; figures are medians over the rounds.
Needs Linux, Python 3.11, a Rust toolchain and a C++ compiler. Anything else that runs makes the
figures worthless: spinning threads wait for each other. Prints Markdown; `--json FILE` keeps every
single figure.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

import setup

HERE = pathlib.Path(__file__).resolve().parent
BUSY = 0.3
"""A load average above this before the start is worth a warning."""
FIGURES = [
    ("first token ms", "one_stream", "first_token_ms"),
    ("decode tok/s", "one_stream", "decode_tokens_per_second"),
    ("8 streams tok/s", "eight_streams", "wall_tokens_per_second"),
    ("their first token ms", "eight_streams", "first_token_first_ms"),
    ("last of them", "eight_streams", "first_token_last_ms"),
    ("slowest / mean", "eight_streams", "slowest_of_mean"),
    ("delay by 2,000 tokens ms", "long_arrival", "delay_ms"),
    ("their first token ms", "long_arrival", "first_token_ms"),
    ("second turn / new alone", "second_turn", "second_of_alone"),
]


def main():
    arguments = parse()
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    python = setup.environment(work)
    programs = setup.llama(work, python)
    folder = setup.models(work, python, programs, arguments.shape)
    contenders = commands(arguments, python, programs, folder)
    if os.getloadavg()[0] > BUSY:
        print(f"warning: the load average is {os.getloadavg()[0]}; figures need a quiet machine", file=sys.stderr)
    runs = {name: [] for name in contenders}
    for number in range(1, arguments.rounds + 1):
        for name, command in contenders.items():
            print(f"round {number}: {name}", file=sys.stderr)
            runs[name].append(measured(command))
    bandwidth = read_speed(python, arguments.threads)
    print(table(runs, folder, bandwidth))
    print(f"\n{arguments.threads} threads read {bandwidth:.1f} GB/s of memory.")
    if arguments.json:
        figures = {"arguments": vars(arguments), "read_gb_per_second": bandwidth, "runs": runs}
        arguments.json.write_text(json.dumps(figures, default=str, indent=1))


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--work", type=pathlib.Path, required=True, help="folder outside the tree for models and peers"
    )
    parser.add_argument("--shape", default="smollm2-135m", help="one of `nearside-export random --help`")
    parser.add_argument("--prompt", type=int, default=256, help="tokens of a prompt")
    parser.add_argument("--new", type=int, default=128, help="tokens to generate")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", action="append", help="only contenders whose names contain this")
    parser.add_argument("--program", type=pathlib.Path, help="a built `bench_streams` (default: builds it)")
    parser.add_argument("--json", type=pathlib.Path)
    return parser.parse_args()


def commands(arguments, python, programs, folder):
    """The contenders: names, with commands that print figures."""
    sizes = [str(arguments.prompt), str(arguments.new), str(arguments.threads)]
    program = arguments.program or setup.engine()
    found = {"nearside, pair": [program, folder / "pair", *sizes]}
    for graph in setup.GRAPHS:
        found[f"nearside, {graph}"] = [program, folder / graph, *sizes]
    for graph in ("int4-128", "int4-32", "int8-128"):
        found[f"onnxruntime-genai, {graph}"] = [python, HERE / "genai.py", folder / graph, *sizes]
    for bits in setup.GGUF_BITS if programs else ():
        server = [programs / "llama-server", folder / f"{bits}.gguf", str(setup.vocabulary(folder))]
        found[f"llama.cpp server, {bits}"] = [python, HERE / "llama.py", *server, *sizes]
    wanted = arguments.only or [""]
    return {name: command for name, command in found.items() if any(part in name for part in wanted)}


def measured(command):
    """Figures of one run, with the peak memory of the process."""
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return {"peak_mib": usage.ru_maxrss / 1024, **json.loads(output)}


def read_speed(python, threads):
    """Bytes that threads read from memory together, in GB/s."""
    output = subprocess.check_output([python, HERE / "bandwidth.py", str(threads)], text=True)
    return float(output)


def table(runs, folder, bandwidth):
    """Medians over the rounds; a figure that a contender cannot have stays empty."""
    titles = ["MB", *(title for title, *_ in FIGURES), "of bandwidth", "peak MiB"]
    lines = [f"| engine | {' | '.join(titles)} |", "| --- " + "| ---: " * len(titles) + "|"]
    for name, rounds in runs.items():
        cells = [f"{sum(file.stat().st_size for file in weights(folder, name)) / 1e6:.0f}"]
        for _, scenario, figure in FIGURES:
            cells.append(median([run[scenario][figure] for run in rounds if run.get(scenario)]))
        cells.append(bandwidth_share(rounds, folder, name, bandwidth))
        cells.append(median([run["peak_mib"] for run in rounds]))
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def bandwidth_share(rounds, folder, name, bandwidth):
    """The share of the memory's speed that decoding one stream reaches. Every weight is read once a
    token, except in `dyn8`, whose embedding is a table of its own."""
    if name.endswith("dyn8"):
        return ""
    read = sum(file.stat().st_size for file in weights(folder, name) if file.name != "prefill.onnx.data")
    speed = statistics.median(run["one_stream"]["decode_tokens_per_second"] for run in rounds)
    return f"{speed * read / 1e9 / bandwidth:.0%}"


def median(values):
    if not values:
        return ""
    middle = statistics.median(values)
    return f"{middle:.2f}" if middle < 10 else f"{middle:,.0f}"


def weights(folder, name):
    """The files of weights that a contender reads."""
    form = name.rpartition(", ")[2]
    file = folder / f"{form}.gguf"
    return [file] if file.exists() else list((folder / form).glob("*.onnx.data"))


if __name__ == "__main__":
    main()
