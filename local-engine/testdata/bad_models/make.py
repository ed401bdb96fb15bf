"""Makes decoders that the engine must refuse, each wrong in one way, for `tests/bad_models.rs`.

`sound.onnx` is the one they all start from: it loads and runs, and its scores mean nothing.

    python -m venv .venv && .venv/bin/pip install numpy==2.4.6 onnx==1.23.2
    .venv/bin/python make.py
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).parent
INT, FLOAT = TensorProto.INT64, TensorProto.FLOAT


def value(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def decoder(
    batch="batch",
    tokens="tokens",
    past="past",
    layers=1,
    cache=FLOAT,
    head_size=4,
    vocabulary=1600,
    more_inputs=(),
    domain="",
    opset=17,
):
    nodes = [
        helper.make_node("Cast", ["input_ids"], ["numbers"], to=FLOAT),
        helper.make_node("Unsqueeze", ["numbers", "last_axis"], ["column"]),
        helper.make_node("MatMul", ["column", "scores"], ["logits"], domain=domain),
    ]
    inputs = [value("input_ids", INT, [batch, tokens])]
    outputs = [value("logits", FLOAT, [batch, tokens, vocabulary])]
    for layer in range(layers):
        for part in ("key", "value"):
            old, new = f"past_key_values.{layer}.{part}", f"present.{layer}.{part}"
            inputs.append(value(old, cache, [batch, 2, past, head_size]))
            outputs.append(value(new, cache, [batch, 2, "total", head_size]))
            nodes.append(helper.make_node("Identity", [old], [new]))
    inputs += [value(*one) for one in more_inputs]
    constants = {
        "last_axis": np.array([2], np.int64),
        "scores": np.zeros([1, vocabulary], np.float32),
    }
    tensors = [numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = helper.make_graph(nodes, "decoder", inputs, outputs, tensors)
    opsets = [helper.make_opsetid("", opset)] + ([helper.make_opsetid(domain, 1)] if domain else [])
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def external(model, location, length):
    """The same with its scores in a file beside it."""
    scores = next(tensor for tensor in model.graph.initializer if tensor.name == "scores")
    onnx.external_data_helper.set_external_data(scores, location, offset=0, length=length)
    scores.ClearField("raw_data")
    return model


SMALL = {"vocabulary": 3}

MODELS = {
    "sound": decoder(),
    "fixed_batch": decoder(batch=2, **SMALL),
    "fixed_length": decoder(tokens=1, **SMALL),
    "fixed_cache": decoder(past=128, **SMALL),
    "zero_layers": decoder(layers=0, **SMALL),
    "bfloat16_cache": decoder(cache=TensorProto.BFLOAT16, **SMALL),
    "open_head_size": decoder(head_size="size", **SMALL),
    "convolution": decoder(more_inputs=[("past_conv.0", FLOAT, ["batch", 8, 3])], **SMALL),
    "recurrent": decoder(more_inputs=[("past_ssm.0", FLOAT, ["batch", 8, 16])], **SMALL),
    "images": decoder(more_inputs=[("pixel_values", FLOAT, ["batch", 3, 8, 8])], **SMALL),
    "embeddings": decoder(more_inputs=[("inputs_embeds", FLOAT, ["batch", "tokens", 8])], **SMALL),
    "small_vocabulary": decoder(**SMALL),
    "unknown_domain": decoder(domain="nobody.knows", **SMALL),
    "future_opset": decoder(opset=999, **SMALL),
    "external": external(decoder(), "weights.bin", 4 * 1600),
}


def main():
    for name, model in MODELS.items():
        (HERE / f"{name}.onnx").write_bytes(model.SerializeToString())


if __name__ == "__main__":
    main()
