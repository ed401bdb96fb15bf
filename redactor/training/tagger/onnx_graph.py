"""The tagger as an ONNX graph, in 32-bit floats or with 8-bit weights.

Inputs `input_ids`, `attention_mask`, `token_type_ids` (the case of each token): int64 [rows, tokens].
Output `logits`: float [rows, tokens, labels]. The operators of the domain com.microsoft are those
of ONNX Runtime: `DynamicQuantizeMatMul` quantizes its input by what is in it.
"""

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from settings import HEADS, LABELS, LAYERS

MICROSOFT = "com.microsoft"


class Graph:
    def __init__(self, tagger, is_int8: bool):
        self.state = {name: value.detach().float().numpy() for name, value in tagger.state_dict().items()}
        self.is_int8 = is_int8
        self.nodes = []
        self.constants = []

    def constant(self, name: str, array: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, domain: str = "", **attributes) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **attributes))
        return output

    def linear(self, x: str, name: str) -> str:
        weight, bias = self.state[f"{name}.weight"].T, self.constant(f"{name}.bias", self.state[f"{name}.bias"])
        if not self.is_int8:
            product = self.node("MatMul", [x, self.constant(f"{name}.weight", weight)], f"{name}.product")
            return self.node("Add", [product, bias], f"{name}.out")
        scale = np.abs(weight).max(0) / 127
        quantized = np.clip(np.round(weight / scale), -127, 127).astype(np.int8)
        inputs = [
            x,
            self.constant(f"{name}.weight", quantized),
            self.constant(f"{name}.scale", scale.astype(np.float32)),
            self.constant(f"{name}.zero", np.zeros(len(scale), np.int8)),
            bias,
        ]
        return self.node("DynamicQuantizeMatMul", inputs, f"{name}.out", MICROSOFT)

    def words(self) -> str:
        """Rows of the table of words; in 8 bits with a scale for each row."""
        table = self.state["words.weight"]
        if not self.is_int8:
            return self.node("Gather", [self.constant("words", table), "input_ids"], "words.rows")
        scale = np.maximum(np.abs(table).max(1, keepdims=True), 1e-8) / 127
        quantized = np.round(table / scale).astype(np.int8)
        rows = self.node("Gather", [self.constant("words", quantized), "input_ids"], "words.bytes")
        rows = self.node("Cast", [rows], "words.floats", to=TensorProto.FLOAT)
        scales = self.node(
            "Gather", [self.constant("words.scale", scale.astype(np.float32)), "input_ids"], "words.scales"
        )
        return self.node("Mul", [rows, scales], "words.rows")

    def norm(self, name: str) -> list[str]:
        return [self.constant(f"{name}.{kind}", self.state[f"{name}.{kind}"]) for kind in ("weight", "bias")]

    def build(self) -> onnx.ModelProto:
        cases = self.node(
            "Gather", [self.constant("cases", self.state["cases.weight"]), "token_type_ids"], "cases.rows"
        )
        x = self.node("Add", [self.words(), cases], "embedded")
        shape = self.node("Shape", ["input_ids"], "tokens", start=1, end=2)
        zero, axes = self.constant("zero", np.array([0], np.int64)), self.constant("axis", np.array([0], np.int64))
        places = self.node(
            "Slice", [self.constant("places", self.state["places.weight"]), zero, shape, axes], "places.rows"
        )
        x = self.node("Add", [x, places], "placed")
        x = self.node("LayerNormalization", [x, *self.norm("norm")], "x0", epsilon=1e-12)
        mask = self.node("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
        for number in range(LAYERS):
            x = self.layer(x, mask, f"layers.{number}")
        weight = self.constant("scores.weight", self.state["scores.weight"].T)
        product = self.node("MatMul", [x, weight], "scores.product")
        self.node("Add", [product, self.constant("scores.bias", self.state["scores.bias"])], "logits")
        tokens = lambda name: helper.make_tensor_value_info(name, TensorProto.INT64, ["rows", "tokens"])
        inputs = [tokens(name) for name in ("input_ids", "attention_mask", "token_type_ids")]
        outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["rows", "tokens", len(LABELS)])]
        graph = helper.make_graph(self.nodes, "nearside-tagger", inputs, outputs, self.constants)
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10, producer_name="nearside")

    def layer(self, x: str, mask: str, name: str) -> str:
        qkv = self.linear(x, f"{name}.qkv")
        parts = [f"{name}.{part}" for part in "qkv"]
        self.nodes.append(helper.make_node("Split", [qkv], parts, axis=-1, num_outputs=3))
        mixed = self.node("MultiHeadAttention", [*parts, "", mask], f"{name}.mixed", MICROSOFT, num_heads=HEADS)
        out = self.linear(mixed, f"{name}.out")
        x = self.skip_norm(x, out, f"{name}.norm")
        up = self.node("Gelu", [self.linear(x, f"{name}.up")], f"{name}.gelu", MICROSOFT)
        return self.skip_norm(x, self.linear(up, f"{name}.down"), f"{name}.last_norm")

    def skip_norm(self, x: str, y: str, name: str) -> str:
        return self.node("SkipLayerNormalization", [x, y, *self.norm(name)], f"{name}.out", MICROSOFT, epsilon=1e-12)


@torch.no_grad()
def write(tagger, path, is_int8: bool):
    model = Graph(tagger, is_int8).build()
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
