"""The compiled kernels; importing this module puts each in the place of its NumPy kernel."""

from engine.fast import activation, depthwise, embedding, normalization, pooling, recurrent

__all__ = ["activation", "depthwise", "embedding", "normalization", "pooling", "recurrent"]
