"""Turns language models into ONNX graphs that share one cache between past and present."""
