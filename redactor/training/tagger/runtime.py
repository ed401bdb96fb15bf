"""The tagger in ONNX Runtime, on whole texts."""

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

import vocabulary
from batches import CLS, SEP
from settings import LABELS, WINDOW


class Runtime:
    def __init__(self, model, tokenizer: Tokenizer, threads: int = 2):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(str(model), options)
        self.tokenizer = tokenizer

    def tag(self, text: str):
        """Offsets of the tokens, and [tokens, labels] probabilities. Windows are as few as can be,
        all alike, and share an eighth of the longest; a token's probabilities come from the window in
        which it is farthest from an edge."""
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        count = len(encoding.ids)
        best = np.full(count, -1)
        out = np.zeros((count, len(LABELS)), np.float32)
        room, overlap = WINDOW - 2, WINDOW // 8
        windows = 1 + -(-max(0, count - room) // (room - overlap))
        length = max(overlap + 1, -(-(count + (windows - 1) * overlap) // windows))
        for at in range(0, max(1, count - overlap), length - overlap):
            end = min(at + length, count)
            ids = [CLS, *encoding.ids[at:end], SEP]
            cases = [0, *(vocabulary.case_of(text[b:e]) for b, e in encoding.offsets[at:end]), 0]
            feed = {"input_ids": [ids], "attention_mask": [[1] * len(ids)], "token_type_ids": [cases]}
            logits = self.session.run(None, {name: np.array(value, np.int64) for name, value in feed.items()})[0][0]
            place = np.arange(end - at)
            left = np.where(at == 0, 10**6, place)
            right = np.where(end == count, 10**6, end - at - 1 - place)
            distance = np.minimum(left, right)
            better = distance > best[at:end]
            out[at:end][better] = 1 / (1 + np.exp(-logits[1:-1][better]))
            best[at:end] = np.maximum(best[at:end], distance)
        return encoding.offsets, out
