import numpy as np


def batch_normalize(x, moving_mean, moving_variance, gamma=1.0, beta=0.0, axis=-1, epsilon=1e-3):
    factor = gamma / np.sqrt(moving_variance + epsilon)
    return np.moveaxis(np.moveaxis(x, axis, -1) * factor + (beta - moving_mean * factor), -1, axis)


def layer_normalize(x, gamma=None, beta=None, axis=(-1,), epsilon=1e-3):
    n = (x - x.mean(axis, keepdims=True)) / np.sqrt(x.var(axis, keepdims=True) + epsilon)
    n = n if gamma is None else n * against(x, axis, gamma)
    return n if beta is None else n + against(x, axis, beta)


def against(x, axis, weights):
    """Weights of some axes, laid out for all axes of x."""
    return weights.reshape([n if i in [a % x.ndim for a in axis] else 1 for i, n in enumerate(x.shape)])


def group_normalize(x, groups, gamma=1.0, beta=0.0, axis=-1, epsilon=1e-3):
    x = np.moveaxis(x, axis, -1)
    parts = x.reshape(len(x), -1, groups, x.shape[-1] // groups)
    mean, variance = parts.mean((1, 3), keepdims=True), parts.var((1, 3), keepdims=True)
    n = ((parts - mean) / np.sqrt(variance + epsilon)).reshape(x.shape)
    return np.moveaxis(n * gamma + beta, -1, axis)


def rms_normalize(x, scale, axis=(-1,), epsilon=1e-6):
    return x / np.sqrt(np.square(x).mean(axis, keepdims=True) + epsilon) * against(x, axis, scale)


def unit_normalize(x, axis):
    return x / np.maximum(np.sqrt(np.square(x).sum(axis, keepdims=True)), 1e-12)
