"""Lambda: every operation, repeated sizes, axes, parts, and several inputs."""

from __future__ import annotations

from graph.layers.lambda_layer import Lambda
from tests.reference.case import case

CASES = (
    case(Lambda(), (4,)),
    case(Lambda("x ** 2 + 3 * x - 1 / (x * x + 2)"), (3, 4)),
    case(Lambda("-x ** 3 * 2 ** -1"), (5,)),
    case(Lambda("exp(-abs(x)) * log(1 + square(x)) + sqrt(x * x + 1)"), (5,)),
    case(Lambda("tanh(x) * sigmoid(2 * x) + sin(x) - cos(x / 2)"), (2, 3)),
    case(Lambda("max(x, 0) - min(x, 0.5, pi)"), (6,)),
    case(Lambda("where(x > 0.2, x, exp(x) - e)"), (6,)),
    case(Lambda("(x < 0) + 2 * (x >= 0.5) + (x != 0) * (x <= 1) * x"), (6,)),
    case(Lambda("abs(x) ** (1 + sigmoid(x))"), (6,)),
    case(Lambda("(x - mean(x, axis=-1, keepdims=True)) / sqrt(mean(square(x), axis=-1, keepdims=True))"), (3, 4)),
    case(Lambda("sum(x, axis=(1, 3)) + max(x, axis=1)[:, :, 0]"), (2, 3, 4)),
    case(Lambda("mean(x) * min(x, axis=[1, 2])"), (3, 4)),
    case(Lambda("x[:, 1:] - x[:, :-1]"), (5, 2)),
    case(Lambda("x[..., 0, :] * x[:, -1] + x[:, 1:4:2, 0:1][:, 0]"), (5, 3)),
    case(Lambda("x0 * x1"), (3, 4), (3, 4)),
    case(Lambda("x * exp(-x1) + x2 / 2"), (3, 4), (1, 4), (3, 1)),
    case(Lambda("x1 - 1"), (3,), (2,)),
    case(Lambda("where(x, x1, max(x, x1))"), (4,), (4,)),
)
