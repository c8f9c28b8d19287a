"""The compiled kernels; importing this module puts each in the place of its NumPy kernel."""

from engine.fast import activation, dense, depthwise, embedding, normalization, pooling, recurrent, softmax

__all__ = ["activation", "dense", "depthwise", "embedding", "normalization", "pooling", "recurrent", "softmax"]
