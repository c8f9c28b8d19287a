"""Points made by a formula: small problems whose solution can be seen in a plane."""

from __future__ import annotations

import numpy as np

from engine.data.samples import Array, Samples, digest_of
from engine.data.sources import Request, loader
from graph.datasets import Circles, Curve, DataFacts, Generated, Moons, Plane, Spirals, TargetFacts, Xor


def _halves(declared: Generated) -> tuple[np.random.Generator, Array]:
    """The randomness, and a class for each point: the first half 0, the second 1."""
    y = (np.arange(declared.samples) >= (declared.samples + 1) // 2).astype(np.int32)
    return np.random.default_rng(declared.seed), y


def _points(
    declared: Generated, rng: np.random.Generator, x: Array, y: Array, classes: tuple[str, ...] = ()
) -> Samples:
    """Points with noise, in random order."""
    order = rng.permutation(len(x))
    x = (x + declared.noise * rng.standard_normal(x.shape))[order].astype(np.float32)
    target = TargetFacts("classes", (None,), classes) if classes else TargetFacts("values", (None, 1))
    arrays = {"x": x, "y": y[order]}
    facts = DataFacts(len(x), {"x": (None, x.shape[1])}, {"y": target})
    return Samples({"x": x}, {"y": arrays["y"]}, facts, digest_of(arrays))


@loader(Spirals)
def spirals(declared: Spirals, request: Request) -> Samples:
    """Radius grows with the angle; the second spiral is the first turned by half a circle."""
    rng, y = _halves(declared)
    radius = np.sqrt(rng.uniform(0.02, 1.0, len(y)))
    angle = 2 * np.pi * declared.turns * radius + np.pi * y
    x = 4 * radius[:, np.newaxis] * np.stack([np.cos(angle), np.sin(angle)], 1)
    return _points(declared, rng, x, y, ("first", "second"))


@loader(Moons)
def moons(declared: Moons, request: Request) -> Samples:
    """Half circles of radius 1; the lower one is moved by (1, 0.5)."""
    rng, y = _halves(declared)
    angle = rng.uniform(0, np.pi, len(y))
    upper = np.stack([np.cos(angle), np.sin(angle)], 1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], 1)
    return _points(declared, rng, np.where(y[:, np.newaxis] == 0, upper, lower), y, ("upper", "lower"))


@loader(Circles)
def circles(declared: Circles, request: Request) -> Samples:
    """Circles of radius 1 and `factor` around the same centre."""
    rng, y = _halves(declared)
    angle = rng.uniform(0, 2 * np.pi, len(y))
    radius = np.where(y == 0, 1.0, declared.factor)[:, np.newaxis]
    return _points(declared, rng, radius * np.stack([np.cos(angle), np.sin(angle)], 1), y, ("outer", "inner"))


@loader(Xor)
def xor(declared: Xor, request: Request) -> Samples:
    """Points of the square from -1 to 1, the class being 1 where the signs of the coordinates differ."""
    rng, y = _halves(declared)
    size = rng.uniform(0.0, 1.0, (len(y), 2))
    sign = rng.choice([-1.0, 1.0], len(y))
    x = size * np.stack([sign, np.where(y == 0, sign, -sign)], 1)
    return _points(declared, rng, x, y, ("same sign", "other sign"))


@loader(Curve)
def curve(declared: Curve, request: Request) -> Samples:
    """y = sin(3 x) + x / 2 for x from -3 to 3, with the noise on y."""
    rng = np.random.default_rng(declared.seed)
    x = rng.uniform(-3, 3, (declared.samples, 1))
    return _surface(declared, rng, x, np.sin(3 * x) + x / 2)


@loader(Plane)
def plane(declared: Plane, request: Request) -> Samples:
    """y = sin(2 a) cos(b) for a and b from -2 to 2, with the noise on y."""
    rng = np.random.default_rng(declared.seed)
    x = rng.uniform(-2, 2, (declared.samples, 2))
    return _surface(declared, rng, x, np.sin(2 * x[:, :1]) * np.cos(x[:, 1:]))


def _surface(declared: Generated, rng: np.random.Generator, x: Array, y: Array) -> Samples:
    noisy = y + declared.noise * rng.standard_normal(y.shape)
    arrays = {"x": x.astype(np.float32), "y": noisy.astype(np.float32)}
    facts = DataFacts(len(x), {"x": (None, x.shape[1])}, {"y": TargetFacts("values", (None, 1))})
    return Samples({"x": arrays["x"]}, {"y": arrays["y"]}, facts, digest_of(arrays))
