import math

import torch
from torch.nn import functional as F


def mean_squared_error(y, t):
    return F.mse_loss(y, t)


def mean_absolute_error(y, t):
    return F.l1_loss(y, t)


def mean_absolute_percentage_error(y, t):
    return 100 * ((y - t).abs() / t.abs().clamp(min=1e-7)).mean()


def mean_squared_logarithmic_error(y, t):
    return (torch.log(y.clamp(min=1e-7) + 1) - torch.log(t.clamp(min=1e-7) + 1)).square().mean()


def huber(y, t, delta=1.0):
    return F.huber_loss(y, t, delta=delta)


def log_cosh(y, t):
    e = y - t
    return (e + F.softplus(-2 * e) - math.log(2)).mean()


def smoothed(t, label_smoothing, classes):
    return t * (1 - label_smoothing) + label_smoothing / classes


def binary_crossentropy(y, t, from_logits=False, label_smoothing=0.0):
    t = smoothed(t, label_smoothing, 2)
    if from_logits:
        return F.binary_cross_entropy_with_logits(y, t)
    return F.binary_cross_entropy(y.clamp(1e-7, 1 - 1e-7), t)


def shares(y, from_logits=False):
    """The probability of every class, never quite 0 or 1."""
    y = torch.softmax(y, -1) if from_logits else y / y.sum(-1, keepdim=True)
    return y.clamp(1e-7, 1 - 1e-7)


def categorical_crossentropy(y, t, from_logits=False, label_smoothing=0.0):
    t = smoothed(t, label_smoothing, y.shape[-1])
    return -(t * (torch.log_softmax(y, -1) if from_logits else torch.log(shares(y)))).sum(-1).mean()


def sparse_categorical_crossentropy(y, t, from_logits=False):
    log = torch.log_softmax(y, -1) if from_logits else torch.log(shares(y))
    return F.nll_loss(log.flatten(0, -2), t.long().flatten())


def binary_focal_crossentropy(
    y, t, apply_class_balancing=False, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0
):
    t, y = smoothed(t, label_smoothing, 2), torch.sigmoid(y) if from_logits else y
    right = t * y + (1 - t) * (1 - y)
    p = y.clamp(1e-7, 1 - 1e-7)
    loss = (1 - right) ** gamma * -(t * torch.log(p) + (1 - t) * torch.log(1 - p))
    return (loss * (alpha * t + (1 - alpha) * (1 - t)) if apply_class_balancing else loss).mean()


def categorical_focal_crossentropy(y, t, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0):
    t, p = smoothed(t, label_smoothing, y.shape[-1]), shares(y, from_logits)
    return -(alpha * t * (1 - p) ** gamma * torch.log(p)).sum(-1).mean()


def kl_divergence(y, t):
    y, t = y.clamp(1e-7, 1), t.clamp(1e-7, 1)
    return (t * torch.log(t / y)).sum(-1).mean()


def poisson(y, t):
    return (y - t * torch.log(y + 1e-7)).mean()


def cosine_similarity(y, t):
    return -F.cosine_similarity(y, t, -1).mean()


def signs(t):
    """Targets of 0 and 1 as -1 and 1; others as they are."""
    return torch.where(((t == 0) | (t == 1)).all(), 2 * t - 1, t)


def hinge(y, t):
    return F.relu(1 - signs(t) * y).mean()


def squared_hinge(y, t):
    return F.relu(1 - signs(t) * y).square().mean()


def categorical_hinge(y, t):
    return F.relu(((1 - t) * y).amax(-1) - (t * y).sum(-1) + 1).mean()


def exponential(y, t):
    return torch.exp((1 - 2 * t) * y).mean()
