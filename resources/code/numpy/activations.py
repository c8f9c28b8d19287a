import math

import numpy as np


def relu(x, negative_slope=0.0, max_value=None, threshold=0.0):
    y = np.where(x > threshold, x, 0)
    if max_value is not None:
        y = np.minimum(y, max_value)
    return y - negative_slope * np.maximum(threshold - x, 0)


def leaky_relu(x, negative_slope=0.2):
    return np.maximum(x, 0) + negative_slope * np.minimum(x, 0)


def relu6(x):
    return np.clip(x, 0, 6)


def elu(x, alpha=1.0):
    return np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0))


def celu(x):
    return elu(x)


def selu(x):
    return 1.0507009873554805 * elu(x, 1.6732632423543772)


def sigmoid(x):
    return np.exp(log_sigmoid(x))


def log_sigmoid(x):
    return -np.logaddexp(-x, 0)


def tanh(x):
    return np.tanh(x)


def softplus(x):
    return np.logaddexp(x, 0)


def softsign(x):
    return x / (1 + np.abs(x))


def hard_sigmoid(x):
    return np.clip(x / 6 + 0.5, 0, 1)


def exponential(x):
    return np.exp(x)


def silu(x):
    return x * sigmoid(x)


def swish(x):
    return silu(x)


def hard_silu(x):
    return x * hard_sigmoid(x)


def mish(x):
    return x * np.tanh(softplus(x))


def gelu(x):
    erf = np.vectorize(math.erf, otypes=[x.dtype])
    return x * (1 + erf(x / math.sqrt(2))) / 2


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def log_softmax(x):
    z = x - x.max(-1, keepdims=True)
    return z - np.log(np.exp(z).sum(-1, keepdims=True))


def prelu(x, alpha):
    return np.maximum(x, 0) + alpha * np.minimum(x, 0)


def maxout(x, num_units, axis):
    """The largest of every group of neighbours."""
    axis %= x.ndim
    return x.reshape(*x.shape[:axis], num_units, -1, *x.shape[axis + 1 :]).max(axis + 1)
