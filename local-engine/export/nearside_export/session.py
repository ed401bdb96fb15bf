"""Runs an exported graph with ONNX Runtime: one prompt, a growing cache, greedy choice."""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort


class Session:
    """A decoder graph, ready to run."""

    def __init__(
        self, graph: Path | onnx.ModelProto, threads: int = 1, folder: Path = Path(), adapter: Path | None = None
    ):
        """`graph` is a file, or a model in memory whose external data lie in `folder`."""
        self.run_options, self.adapter = ort.RunOptions(), ort.LoraAdapter()
        if adapter:
            self.adapter.Load(str(adapter))
            self.run_options.add_active_adapter(self.adapter)
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        if isinstance(graph, onnx.ModelProto):
            options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(folder))
            graph = graph.SerializeToString()
            self.head_size = head_size(folder)
        else:
            self.head_size = head_size(graph.parent)
        self.session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self.inputs = {value.name: value for value in self.session.get_inputs()}
        self.outputs = [value.name for value in self.session.get_outputs()]

    def empty_cache(self) -> dict[str, np.ndarray]:
        """A cache without positions."""
        past = {name: value.shape for name, value in self.inputs.items() if name.startswith("past_key_values.")}
        return {
            name: np.zeros((1, heads, 0, size if isinstance(size, int) else self.head_size), np.float32)
            for name, (_, heads, _, size) in past.items()
        }

    def run(self, ids: list[int], cache: dict[str, np.ndarray]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Logits of the new positions that get them, [tokens, vocabulary], and the grown cache."""
        past = next(iter(cache.values())).shape[2]
        inputs = {
            "input_ids": np.array([ids], np.int64),
            "attention_mask": np.ones((1, past + len(ids)), np.int64),
        }
        if "num_logits_to_keep" in self.inputs:
            inputs["num_logits_to_keep"] = np.array(0, np.int64)
        outputs = dict(zip(self.outputs, self.session.run(None, inputs | cache, self.run_options)))
        logits = outputs.pop("logits")[0]
        return logits, {name.replace("present", "past_key_values"): value for name, value in outputs.items()}

    def greedy(self, ids: list[int], steps: int) -> tuple[list[int], np.ndarray]:
        """Greedy continuation, and the logits after the prompt."""
        logits, cache = self.run(ids, self.empty_cache())
        first, written = logits[-1], []
        while len(written) < steps:
            written.append(int(np.argmax(logits[-1])))
            logits, cache = self.run(written[-1:], cache)
        return written, first


def head_size(folder: Path) -> int | None:
    """Width of a head, for graphs that leave it open."""
    config = folder / "genai_config.json"
    return json.loads(config.read_text("utf-8"))["model"]["decoder"]["head_size"] if config.exists() else None
