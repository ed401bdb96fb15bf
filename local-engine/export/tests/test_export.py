"""What the reference families do not show: other weight files, refusals, choices of logits, blocks.

Run with `python -m unittest discover tests`.
"""

import json
import tempfile
import unittest
from pathlib import Path

import ml_dtypes
import numpy as np
import onnx
from nearside_export.decoder import Logits
from nearside_export.errors import ExportError
from nearside_export.families import read_architecture
from nearside_export.folder import GRAPH_NAME, export_folder, read_json, write_json
from nearside_export.quantization.blocks import Blocks
from nearside_export.quantization.pair import DECODE, PREFILL, write_pair, write_single
from nearside_export.quantization.quality import measure
from nearside_export.quantization.rounding import rounded_blocks
from nearside_export.quantization.source import FloatGraph
from nearside_export.random_model import write_random_model
from nearside_export.reference import Reference
from nearside_export.session import Session
from safetensors.numpy import load_file, save_file

PROMPT = list(range(3, 40, 3))


class Exported(unittest.TestCase):
    """Tests on random models."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.original = self.folder / "original"

    def logits(self, folder: Path, graph: str = GRAPH_NAME) -> np.ndarray:
        """The logits after the prompt."""
        session = Session(folder / graph)
        return session.run(PROMPT, session.empty_cache())[0][-1]

    def exported(self, name: str, logits: Logits = Logits.LAST) -> Path:
        """The float32 folder of a random model."""
        write_random_model(name, self.original)
        export_folder(self.original, self.folder / logits, logits)
        return self.folder / logits

    def test_halves_in_two_files_are_the_weights_they_round_to(self) -> None:
        write_random_model("tiny-llama", self.original)
        tensors = load_file(self.original / "model.safetensors")
        halves = {name: tensor.astype(ml_dtypes.bfloat16) for name, tensor in tensors.items()}
        rounded = {name: tensor.astype(np.float32) for name, tensor in halves.items()}
        save_file(rounded, self.original / "model.safetensors")
        export_folder(self.original, self.folder / "whole")
        (self.original / "model.safetensors").unlink()
        names = sorted(halves)
        files = {"one.safetensors": names[::2], "two.safetensors": names[1::2]}
        for file, part in files.items():
            save_file({name: halves[name] for name in part}, self.original / file)
        index = {name: file for file, part in files.items() for name in part}
        write_json(self.original / "model.safetensors.index.json", {"weight_map": index})
        export_folder(self.original, self.folder / "parts")
        np.testing.assert_array_equal(self.logits(self.folder / "whole"), self.logits(self.folder / "parts"))

    def test_every_random_family_computes_what_the_reference_computes(self) -> None:
        for name in ("tiny-llama", "tiny-mixtral", "tiny-qwen3-moe"):
            write_random_model(name, self.original, gain=3.0)
            export_folder(self.original, self.folder / name)
            greedy, first, margin = Reference(self.original).greedy(PROMPT, 8)
            self.assertGreater(margin, 1e-3, name)
            written, logits = Session(self.folder / name / GRAPH_NAME).greedy(PROMPT, 8)
            np.testing.assert_allclose(logits, first, atol=1e-4, err_msg=name)
            self.assertEqual(written, greedy, name)

    def test_every_choice_of_logits_gives_those_of_the_last_token(self) -> None:
        last = self.logits(self.exported("tiny-mixtral"))
        for choice in (Logits.ALL, Logits.CHOSEN):
            np.testing.assert_allclose(self.logits(self.exported("tiny-mixtral", choice)), last, atol=1e-5)

    def test_a_quantized_graph_can_choose_other_logits_than_its_source(self) -> None:
        for before in Logits:
            source = FloatGraph(self.exported("tiny-llama", before))
            for after in Logits:
                write_single(source, self.folder / "quantized", Blocks(8, 32), after)
                session = Session(self.folder / "quantized" / GRAPH_NAME)
                rows = session.run(PROMPT, session.empty_cache())[0]
                self.assertEqual(len(rows), 1 if after is Logits.LAST else len(PROMPT), (before, after))

    def test_a_pair_is_close_to_float32_and_its_graphs_take_and_give_the_same(self) -> None:
        source = FloatGraph(self.exported("tiny-llama"))
        pair = self.folder / "pair"
        write_pair(source, pair, block=32)
        prefill, decode, both = measure(source, pair, (PREFILL, DECODE), None, windows=1)
        self.assertLess(prefill.kl, 0.01)
        self.assertLess(decode.kl, 0.3)
        self.assertEqual(both.graph, "pair")
        graphs = [onnx.load(pair / name, load_external_data=False).graph for name in (PREFILL, DECODE)]
        self.assertEqual(str(graphs[0].input), str(graphs[1].input))
        self.assertEqual(str(graphs[0].output), str(graphs[1].output))
        self.assertEqual(read_json(pair / "genai_config.json")["model"]["decoder"]["filename"], DECODE)

    def test_tied_tables_are_stored_once(self) -> None:
        write_single(FloatGraph(self.exported("tiny-llama")), self.folder / "int8", Blocks(8, 32))
        size = (self.folder / "int8" / f"{GRAPH_NAME}.data").stat().st_size
        config = json.loads((self.original / "config.json").read_text("utf-8"))
        table = config["vocab_size"] * config["hidden_size"]
        parameters = sum(tensor.size for tensor in load_file(self.original / "model.safetensors").values())
        self.assertLess(size, parameters + table // 2 + 16 * 4096)

    def test_weights_without_a_place_are_refused(self) -> None:
        write_random_model("tiny-llama", self.original)
        tensors = load_file(self.original / "model.safetensors")
        tensors["model.layers.0.mlp.down_proj.bias"] = np.ones(32, np.float32)
        save_file(tensors, self.original / "model.safetensors")
        with self.assertRaisesRegex(ExportError, "down_proj.bias"):
            export_folder(self.original, self.folder / "exported")

    def test_unknown_parts_are_refused_by_name(self) -> None:
        config = {"model_type": "mamba"}
        with self.assertRaisesRegex(ExportError, "mamba"):
            read_architecture(config)
        write_random_model("tiny-llama", self.original)
        config = read_json(self.original / "config.json")
        with self.assertRaisesRegex(ExportError, "config.json lacks 'hidden_size'"):
            read_architecture({field: value for field, value in config.items() if field != "hidden_size"})
        for field, value in {"hidden_act": "relu6", "rope_scaling": {"rope_type": "spiral"}}.items():
            with self.assertRaisesRegex(ExportError, "relu6|spiral"):
                read_architecture(config | {field: value})


class Rounding(unittest.TestCase):
    """Tests of blocks."""

    def test_numbers_times_scales_are_near_the_weights(self) -> None:
        weight = np.random.default_rng(1).standard_normal((100, 7)).astype(np.float32)
        for bits, largest in ((4, 0.35), (8, 0.03)):
            numbers, scales = rounded_blocks(weight, bits, 32)
            if bits == 4:
                numbers = np.stack([numbers & 15, numbers >> 4], -1).reshape(7, 4, 32)
            restored = (numbers.astype(np.float32) - 2 ** (bits - 1)) * scales[..., None]
            self.assertEqual(scales.shape, (7, 4))
            self.assertLess(np.abs(restored.reshape(7, -1)[:, :100].T - weight).max(), largest)

    def test_a_block_of_zeros_stays_zero(self) -> None:
        numbers, scales = rounded_blocks(np.zeros((32, 2), np.float32), 8, 32)
        self.assertTrue((numbers == 128).all() and np.isfinite(scales).all())


if __name__ == "__main__":
    unittest.main()
