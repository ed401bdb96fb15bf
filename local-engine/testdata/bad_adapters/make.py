"""Makes adapter files that do not fit `exported/tiny-llama-adapters`, each for one reason.

Run where `local-engine/export` is installed.
"""

from pathlib import Path

import numpy as np
import onnxruntime as ort

FOLDER = Path(__file__).resolve().parent
A, B = (f"model.layers.0.attn.o_proj.lora_{part}.MatMul.weight" for part in "AB")
TENSORS = {A: np.ones((32, 2), np.float32), B: np.ones((2, 32), np.float32)}
CHANGES = {
    "sound": {},
    "other_layer": {A.replace("0", "7"): TENSORS[A]},
    "half": {A: TENSORS[A].astype(np.float16)},
    "narrow": {A: np.ones((16, 2), np.float32)},
    "three_dimensions": {B: np.ones((1, 2, 32), np.float32)},
    "two_ranks": {B: np.ones((3, 32), np.float32)},
    "integers": {A: np.ones((32, 2), np.int32)},
    "one_factor": {B: None},
}


def main() -> None:
    """Writes every file."""
    for name, change in CHANGES.items():
        tensors = {key: tensor for key, tensor in (TENSORS | change).items() if tensor is not None}
        adapter = ort.AdapterFormat()
        adapter.set_adapter_version(1)
        adapter.set_model_version(1)
        # Kept until the file is written: the format only borrows them.
        values = {key: ort.OrtValue.ortvalue_from_numpy(tensor) for key, tensor in tensors.items()}
        adapter.set_parameters(values)
        adapter.export_adapter(str(FOLDER / f"{name}.onnx_adapter"))


if __name__ == "__main__":
    main()
