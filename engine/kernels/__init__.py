"""One kernel for every layer, in files named as those of the declarations; importing this package registers them."""

from engine.kernels import activation, core, endpoints, reshape

__all__ = ["activation", "core", "endpoints", "reshape"]
