"""What LoRA adapters cost: one token decoded and one prompt read, with adapters and without.

Compares a graph that takes no adapters with one of the same weights that does, the latter without an
adapter and with each of those given, one after the other in every round, so that noise meets all
alike. Both are folders of `nearside-export` (`export`, `export --adapters`, `single`).

    python3 adapters.py PLAIN ADAPTED [ADAPTER.onnx_adapter ...]
"""

import argparse
import statistics
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort

PAST, PROMPT, ROOM = 256, 256, 512
"""Tokens in the cache when one more is decoded; of a prompt; that the cache has room for."""


class Bound:
    """A graph bound to a cache of its own, and to an adapter."""

    def __init__(self, folder: Path, threads: int, adapter: Path | None = None):
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self.session = ort.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
        self.binding = self.session.io_binding()
        self.binding.bind_output("logits")
        for value in self.session.get_inputs():
            if value.name.startswith("past_key_values."):
                _, heads, _, size = value.shape
                cache = ort.OrtValue.ortvalue_from_numpy(np.zeros((1, heads, ROOM, size), np.float32))
                self.binding.bind_ortvalue_input(value.name, cache)
                self.binding.bind_ortvalue_output(value.name.replace("past_key_values", "present"), cache)
        # Kept: its tensors lie in its memory.
        self.adapter = ort.AdapterFormat.read_adapter(str(adapter)) if adapter else None
        if self.adapter:
            for name, factor in self.adapter.get_parameters().items():
                self.binding.bind_ortvalue_input(name, factor)

    def seconds(self, past: int, new: int) -> float:
        """Time to read `new` tokens after `past`."""
        self.binding.bind_cpu_input("input_ids", np.full((1, new), 7, np.int64))
        self.binding.bind_cpu_input("attention_mask", np.ones((1, past + new), np.int64))
        start = time.perf_counter()
        self.session.run_with_iobinding(self.binding)
        return time.perf_counter() - start


def main() -> None:
    """Prints a table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("plain", type=Path)
    arguments.add_argument("adapted", type=Path)
    arguments.add_argument("adapters", type=Path, nargs="*")
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--rounds", type=int, default=40)
    options = arguments.parse_args()
    graphs = {
        "takes no adapters": Bound(options.plain, options.threads),
        "takes adapters, has none": Bound(options.adapted, options.threads),
    }
    for adapter in options.adapters:
        graphs[adapter.stem] = Bound(options.adapted, options.threads, adapter)
    times = {name: ([], []) for name in graphs}
    for _ in range(options.rounds):
        for name, graph in graphs.items():
            times[name][0].append(statistics.median(graph.seconds(PAST, 1) for _ in range(5)))
            times[name][1].append(graph.seconds(0, PROMPT))
    first = [statistics.median(kind) for kind in times["takes no adapters"]]
    print(f"{'graph':28}{'one token':>14}{'ratio':>8}{f'{PROMPT} tokens':>14}{'ratio':>8}")
    for name, kinds in times.items():
        token, prompt = (statistics.median(kind) for kind in kinds)
        figures = f"{token * 1e3:11.2f} ms{token / first[0]:8.2f}{prompt * 1e3:11.1f} ms{prompt / first[1]:8.2f}"
        print(f"{name:28}{figures}")


if __name__ == "__main__":
    main()
