"""Makes `model.onnx`, a decoder with 52 MB of external weights, for `tests/memory.rs`.

Half of them are looked up, which ONNX Runtime does where they lie; half are multiplied with, for which
it packs them anew. The weights themselves are not here: zeros do.

    python -m venv .venv && .venv/bin/pip install numpy==2.4.6 onnx==1.23.2
    .venv/bin/python make.py
"""

from pathlib import Path

from onnx import TensorProto, external_data_helper, helper

HERE = Path(__file__).parent
INT, FLOAT = TensorProto.INT64, TensorProto.FLOAT
VOCABULARY, WIDTH = 1600, 4096
BYTES = VOCABULARY * WIDTH * 4


def value(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def weights(name, shape, offset):
    tensor = TensorProto(name=name, data_type=FLOAT, dims=shape, raw_data=b"")
    external_data_helper.set_external_data(tensor, "weights.bin", offset=offset, length=BYTES)
    tensor.ClearField("raw_data")
    return tensor


def main():
    nodes = [
        helper.make_node("Gather", ["words", "input_ids"], ["hidden"]),
        helper.make_node("MatMul", ["hidden", "scores"], ["logits"]),
    ]
    inputs = [value("input_ids", INT, ["batch", "tokens"])]
    outputs = [value("logits", FLOAT, ["batch", "tokens", VOCABULARY])]
    for part in ("key", "value"):
        old, new = f"past_key_values.0.{part}", f"present.0.{part}"
        inputs.append(value(old, FLOAT, ["batch", 2, "past", 4]))
        outputs.append(value(new, FLOAT, ["batch", 2, "total", 4]))
        nodes.append(helper.make_node("Identity", [old], [new]))
    tensors = [
        weights("words", [VOCABULARY, WIDTH], 0),
        weights("scores", [WIDTH, VOCABULARY], BYTES),
    ]
    graph = helper.make_graph(nodes, "decoder", inputs, outputs, tensors)
    opsets = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    (HERE / "model.onnx").write_bytes(model.SerializeToString())


if __name__ == "__main__":
    main()
