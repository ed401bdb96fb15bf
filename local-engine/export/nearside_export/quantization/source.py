"""A float32 folder to quantize, ours or one of the ONNX Runtime GenAI builder."""

from pathlib import Path

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper

from nearside_export.errors import ExportError
from nearside_export.folder import read_json


class FloatGraph:
    """A graph whose constants are read from their file one at a time."""

    def __init__(self, folder: Path):
        """Raises `ExportError` for a folder without `genai_config.json`."""
        if not (folder / "genai_config.json").exists():
            raise ExportError(f"{folder} has no genai_config.json; export a Hugging Face folder first")
        self.folder = folder
        self.config = read_json(folder / "genai_config.json")
        self.path = folder / self.config["model"]["decoder"]["filename"]
        self.model = onnx.load(self.path, load_external_data=False)
        self.constants = {tensor.name: tensor for tensor in self.model.graph.initializer}
        self.inputs = {value.name for value in self.model.graph.input}

    @property
    def nodes(self) -> list[NodeProto]:
        """All nodes, in the order they run."""
        return list(self.model.graph.node)

    def values(self, name: str) -> np.ndarray:
        """A constant; a large one stays in its file until it is used."""
        tensor = self.constants[name]
        if tensor.data_location != TensorProto.EXTERNAL:
            return numpy_helper.to_array(tensor)
        place = {entry.key: entry.value for entry in tensor.external_data}
        element = helper.tensor_dtype_to_np_dtype(tensor.data_type)
        file = self.folder / Path(place["location"]).name
        return np.memmap(file, element, "r", int(place.get("offset", 0)), tuple(tensor.dims))

    def matrix(self, node: NodeProto) -> np.ndarray | None:
        """The stored float32 matrix [in, out] that a node multiplies with, if it does that and no run
        can bring another one."""
        is_fixed = node.op_type == "MatMul" and node.input[1] not in self.inputs
        tensor = self.constants.get(node.input[1]) if is_fixed else None
        stored = tensor is not None and tensor.data_type == TensorProto.FLOAT and len(tensor.dims) == 2
        return self.values(tensor.name) if stored else None

    def embedding(self, node: NodeProto) -> np.ndarray | None:
        """The stored float32 table [vocabulary, hidden] that a node looks tokens up in."""
        tensor = self.constants.get(node.input[0]) if node.op_type == "Gather" else None
        stored = tensor is not None and tensor.data_type == TensorProto.FLOAT and node.input[1] == "input_ids"
        return self.values(tensor.name) if stored else None
