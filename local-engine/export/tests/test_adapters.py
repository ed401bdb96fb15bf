"""Adapters: a graph with one computes what the model computes with the adapter merged into its weights."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
from nearside_export.adapter import write_adapter
from nearside_export.errors import ExportError
from nearside_export.folder import GRAPH_NAME, export_folder, read_json, write_json
from nearside_export.peft import CONFIG, TENSORS, PeftFolder, merge, write_random_adapter
from nearside_export.quantization.blocks import Blocks
from nearside_export.quantization.pair import write_single
from nearside_export.quantization.source import FloatGraph
from nearside_export.random_model import write_random_model
from nearside_export.reference import Reference
from nearside_export.session import Session
from safetensors.numpy import load_file, save_file

PROMPT = list(range(3, 40, 3))
MODULE = "model.layers.0.self_attn.q_proj"


class Adapters(unittest.TestCase):
    """Tests on a random Llama."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.original, self.base = self.folder / "original", self.folder / "base"
        self.peft, self.adapter = self.folder / "peft", self.folder / "x.onnx_adapter"
        write_random_model("tiny-llama", self.original, gain=3.0)
        export_folder(self.original, self.base, adapters=True)
        write_random_adapter(self.original, self.peft, rank=3)

    def logits(self, folder: Path, adapter: Path | None = None) -> np.ndarray:
        """The logits after the prompt."""
        session = Session(folder / GRAPH_NAME, adapter=adapter)
        return session.run(PROMPT, session.empty_cache())[0][-1]

    def check(self) -> None:
        """Compares the graph and the adapter with the merged weights."""
        write_adapter(self.base, self.peft, self.adapter)
        merge(self.original, self.peft, self.folder / "merged")
        expected = Reference(self.folder / "merged").logits(PROMPT)
        np.testing.assert_allclose(self.logits(self.base, self.adapter), expected, atol=2e-4)
        without = Reference(self.original).logits(PROMPT)
        np.testing.assert_allclose(self.logits(self.base), without, atol=2e-4)
        self.assertGreater(np.abs(expected - without).max(), 0.1)

    def change(self, **settings) -> None:
        """Changes the adapter's configuration."""
        write_json(self.peft / CONFIG, read_json(self.peft / CONFIG) | settings)

    def test_every_projection_takes_its_adapter(self) -> None:
        self.check()

    def test_projections_without_an_adapter_stay_as_they_were(self) -> None:
        for modules in (("k_proj",), ("q_proj", "v_proj"), ("up_proj", "o_proj")):
            write_random_adapter(self.original, self.peft, rank=2, modules=modules)
            self.check()

    def test_scales_follow_the_configuration(self) -> None:
        self.change(lora_alpha=12, alpha_pattern={"layers.0.self_attn.q_proj": 6})
        folder = PeftFolder(self.peft)
        self.assertEqual([folder.scale(MODULE, 3), folder.scale(MODULE.replace("0", "1"), 3)], [2.0, 4.0])
        self.check()
        self.change(use_rslora=True, alpha_pattern={})
        self.assertEqual(PeftFolder(self.peft).scale(MODULE, 4), 6.0)

    def test_a_quantized_graph_takes_the_same_file(self) -> None:
        write_adapter(self.base, self.peft, self.adapter)
        write_single(FloatGraph(self.base), self.folder / "int8", Blocks(8, 32))
        exact = self.logits(self.base, self.adapter)
        difference = np.abs(self.logits(self.folder / "int8", self.adapter) - exact)
        self.assertLess(difference.mean(), np.abs(self.logits(self.base) - exact).mean() / 5)

    def test_a_graph_without_adapters_refuses_them(self) -> None:
        export_folder(self.original, self.folder / "plain")
        with self.assertRaisesRegex(ExportError, "--adapters"):
            write_adapter(self.folder / "plain", self.peft, self.adapter)

    def test_adapters_of_other_kinds_are_refused_by_name(self) -> None:
        for settings in ({"use_dora": True}, {"bias": "all"}, {"modules_to_save": ["lm_head"]}, {"peft_type": "IA3"}):
            write_random_adapter(self.original, self.peft, rank=3)
            self.change(**settings)
            with self.assertRaisesRegex(ExportError, "use_dora|bias|modules_to_save|IA3"):
                PeftFolder(self.peft)

    def test_tensors_that_do_not_fit_are_refused_by_name(self) -> None:
        tensors = load_file(self.peft / TENSORS)
        a, b = (f"base_model.model.{MODULE}.{part}.weight" for part in ("lora_A", "lora_B"))
        embedding = {"base_model.model.model.embed_tokens.lora_embedding_A": np.ones((3, 4), np.float32)}
        wide = {a: np.ones((3, 8), np.float32)}
        for changed, words in (
            ({name: tensor for name, tensor in tensors.items() if name != b}, "lacks .*q_proj.lora_B"),
            (tensors | embedding, "embed_tokens"),
            ({name: tensor for name, tensor in tensors.items() if MODULE in name} | wide, "another model"),
            (tensors | {b: np.ones((8, 3), np.float32)}, "wide where the model is"),
        ):
            save_file(changed, self.peft / TENSORS)
            with self.assertRaisesRegex(ExportError, words):
                write_adapter(self.base, self.peft, self.adapter)


if __name__ == "__main__":
    unittest.main()
