"""Collects the nodes and constants of an ONNX graph.

Large constants can go to a file beside the graph as they come, so that a model is never in
memory as a whole.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 21
IR_VERSION = 10
MICROSOFT = "com.microsoft"


class ExternalData:
    """The file that holds a graph's large constants. Used in a `with` block, which closes it."""

    INLINE_BYTES = 4096
    """Smaller constants stay in the graph."""
    ALIGNMENT = 4096
    """Each constant starts on a page, so that the runtime can map it."""

    def __init__(self, path: Path):
        self.path = path
        self.file = path.open("wb")

    def __enter__(self) -> "ExternalData":
        return self

    def __exit__(self, *_) -> None:
        self.file.close()

    def add(self, name: str, values: np.ndarray) -> TensorProto:
        """Writes a constant to the file, or into the graph where it is small."""
        if values.nbytes <= self.INLINE_BYTES:
            return numpy_helper.from_array(values, name)
        self.file.write(bytes(-self.file.tell() % self.ALIGNMENT))
        offset = self.file.tell()
        self.file.write(np.ascontiguousarray(values).data)
        element = helper.np_dtype_to_tensor_dtype(values.dtype)
        return self.reference(name, element, values.shape, offset, values.nbytes)

    def reference(self, name: str, element: int, shape, offset: int, length: int) -> TensorProto:
        """A constant that lies in the file already."""
        tensor = TensorProto(name=name, data_type=element, dims=shape)
        tensor.data_location = TensorProto.EXTERNAL
        entries = {"location": self.path.name, "offset": str(offset), "length": str(length)}
        for key, value in entries.items():
            tensor.external_data.add(key=key, value=value)
        return tensor

    def reshaped(self, tensor: TensorProto, name: str, shape: tuple[int, ...]) -> TensorProto:
        """The bytes of a constant in the file, under another name and shape."""
        place = {entry.key: entry.value for entry in tensor.external_data}
        return self.reference(name, tensor.data_type, shape, int(place["offset"]), int(place["length"]))


class Graph:
    """Collects nodes and initializers."""

    def __init__(self, data: ExternalData | None = None):
        """`data` takes the large constants; without it they stay in the graph."""
        self.data = data
        self.nodes, self.initializers = [], {}
        self.made = set()
        self.optional_inputs = []

    def constant(self, name: str, values: np.ndarray) -> str:
        """Adds an initializer, unless it is there already, and returns its name."""
        if name not in self.initializers:
            values = np.ascontiguousarray(values)
            add = self.data.add if self.data else lambda name, values: numpy_helper.from_array(values, name)
            self.initializers[name] = add(name, values)
        return name

    def node(self, operator: str, name: str, inputs: list[str], outputs=None, domain="", **attributes) -> str:
        """Adds a node and returns its first output."""
        outputs = outputs or [f"{name}/output_0"]
        self.made.update(outputs)
        self.nodes.append(helper.make_node(operator, inputs, outputs, name=name, domain=domain, **attributes))
        return outputs[0]

    def reshaped(self, constant: str, name: str, shape: tuple[int, ...]) -> str:
        """The values of a constant in another shape; in a file they are not stored again."""
        tensor = self.initializers[constant]
        if tensor.data_location == TensorProto.EXTERNAL:
            self.initializers[name] = self.data.reshaped(tensor, name, shape)
            return name
        return self.constant(name, numpy_helper.to_array(tensor).reshape(shape))

    def matmul(self, name: str, x: str, weight: np.ndarray, bias: np.ndarray | None = None, outputs=None) -> str:
        """Product with a stored matrix [in, out], plus a stored row where there is one."""
        weight = self.constant(f"{name}.MatMul.weight", weight)
        if bias is None:
            return self.node("MatMul", f"/{name}/MatMul", [x, weight], outputs)
        product = self.node("MatMul", f"/{name}/MatMul", [x, weight])
        return self.node("Add", f"/{name}/Add", [product, self.constant(f"{name}.Add.bias", bias)], outputs)

    def projection(self, name: str, x: str, weight: np.ndarray, bias: np.ndarray | None = None) -> str:
        """A product inside a layer, which some graphs let adapters change."""
        return self.matmul(name, x, weight, bias)

    def optional_input(self, name: str, default: np.ndarray, shape: list[int | str]) -> str:
        """A graph input of `shape`, open dimensions by name, that is `default` where a run gives none."""
        element = helper.np_dtype_to_tensor_dtype(default.dtype)
        self.optional_inputs.append(helper.make_tensor_value_info(name, element, shape))
        return self.constant(name, default)

    def norm(self, name: str, x: str, weight: np.ndarray, epsilon: float) -> str:
        """RMSNorm over the last axis (Zhang & Sennrich, 2019)."""
        attributes = {"axis": -1, "epsilon": epsilon, "stash_type": 1}
        scale = self.constant(f"{name}.weight", weight)
        return self.node("SimplifiedLayerNormalization", f"/{name}/LayerNorm", [x, scale], **attributes)

    def norm_of_sum(self, name: str, skip: str, x: str, weight: np.ndarray, epsilon: float) -> tuple[str, str]:
        """RMSNorm of `skip + x`; also returns the sum."""
        path = f"/{name}/SkipLayerNorm"
        outputs = [f"{path}/output_0", "", "", f"{path}/output_3"]
        inputs = [skip, x, self.constant(f"{name}.weight", weight)]
        self.node("SkipSimplifiedLayerNormalization", path, inputs, outputs, MICROSOFT, epsilon=epsilon)
        return outputs[0], outputs[3]

    def model(self, name: str, inputs: list, outputs: list) -> onnx.ModelProto:
        """The finished model; its optional inputs come after `inputs`."""
        inputs = [*inputs, *self.optional_inputs]
        made = helper.make_graph(self.nodes, name, inputs, outputs, list(self.initializers.values()))
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(made, opset_imports=opsets, ir_version=IR_VERSION, producer_name="nearside")
