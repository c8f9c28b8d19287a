# ruff: noqa: B905 - the functions of all files go into one, of any version of Python
import torch
from torch import nn
from torch.nn import functional as F


def pad_same(x, size, stride, dilation=None, value=0.0):
    """Values around the last axes, the odd one behind, so that there are ceil(n / stride) places, as in Keras."""
    edges = []
    for n, k, s, d in reversed(list(zip(x.shape[2:], size, stride, dilation or [1] * len(size)))):
        total = max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0)
        edges += [total // 2, total - total // 2]
    return F.pad(x, edges, value=value)


def masked_mean(x, mask, keepdims=False):
    """The mean over the steps that are there."""
    there = mask[..., None].to(x.dtype)
    return (x * there).sum(1, keepdim=keepdims) / there.sum(1, keepdim=keepdims).clamp(min=1)


def upsample_bilinear(x, size):
    """Blend between the values along the last two axes."""
    return F.interpolate(x, scale_factor=size, mode="bilinear", align_corners=False)


class LayerNorm(nn.Module):
    """Bring the values along some axes to mean 0 and variance 1, then to a trained scale and centre."""

    def __init__(self, shape, axis, epsilon, scale=True, center=True):
        super().__init__()
        self.axis, self.epsilon = axis, epsilon
        self.gamma = nn.Parameter(torch.ones(shape)) if scale else None
        self.beta = nn.Parameter(torch.zeros(shape)) if center else None

    def forward(self, x):
        n = x - x.mean(self.axis, keepdim=True)
        n = n / torch.sqrt(n.square().mean(self.axis, keepdim=True) + self.epsilon)
        n = n if self.gamma is None else n * self.gamma
        return n if self.beta is None else n + self.beta


class RMSNorm(nn.Module):
    """Divide the values along the last axes by their root mean square, then scale them by trained factors."""

    def __init__(self, shape, axis, epsilon):
        super().__init__()
        self.axis, self.epsilon = axis, epsilon
        self.scale = nn.Parameter(torch.ones(shape))

    def forward(self, x):
        return x / torch.sqrt(x.square().mean(self.axis, keepdim=True) + self.epsilon) * self.scale


class PReLU(nn.Module):
    """Scale negative values by a trained factor, one for every place."""

    def __init__(self, shape):
        super().__init__()
        self.alpha = nn.Parameter(torch.zeros(shape))

    def forward(self, x):
        return F.relu(x) - self.alpha * F.relu(-x)


class GaussianNoise(nn.Module):
    """Add random numbers while training."""

    def __init__(self, stddev):
        super().__init__()
        self.stddev = stddev

    def forward(self, x):
        return x + self.stddev * torch.randn_like(x) if self.training else x


class GaussianDropout(nn.Module):
    """Multiply by random numbers around 1 while training."""

    def __init__(self, rate):
        super().__init__()
        self.stddev = (rate / (1 - rate)) ** 0.5

    def forward(self, x):
        return x * (1 + self.stddev * torch.randn_like(x)) if self.training else x


class SharedDropout(nn.Module):
    """Drop values while training, the same ones along the axes whose size is 1 here."""

    def __init__(self, rate, noise_shape):
        super().__init__()
        self.rate, self.noise_shape = rate, noise_shape

    def forward(self, x):
        sizes = [n if k is None else k for n, k in zip(x.shape, self.noise_shape)]
        return x * F.dropout(x.new_ones(sizes), self.rate, self.training)
