"""PyTorch's training steps (forward, loss, backward, Adam) and predictions, eager.

Adam is tried as it is by default and fused, images with their channels first and last; the fastest way counts.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from itertools import pairwise, product

import torch
from torch import nn

from bench.steps.worker import Side, Step, serve

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))


class Last(nn.Module):
    """The last step of a recurrent layer, of both directions where it has two."""

    def __init__(self, cell: type[nn.LSTM] | type[nn.GRU], bidirectional: bool = False) -> None:
        super().__init__()
        self.cell = cell(64, 128, batch_first=True, bidirectional=bidirectional)
        self.linear = nn.Linear(256 if bidirectional else 128, 10)
        self.bidirectional = bidirectional

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The logits behind the last step."""
        y = self.cell(x)[0]
        last = torch.cat((y[:, -1, :128], y[:, 0, 128:]), 1) if self.bidirectional else y[:, -1]
        return self.linear(last)


class Residual(nn.Module):
    """Two convolutions with their normalization, and a short cut around them."""

    def __init__(self, channels: int, filters: int, strides: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, filters, 3, strides, padding=1),
            nn.BatchNorm2d(filters),
            nn.ReLU(),
            nn.Conv2d(filters, filters, 3, padding=1),
            nn.BatchNorm2d(filters),
        )
        cut = nn.Sequential(nn.Conv2d(channels, filters, 1, strides), nn.BatchNorm2d(filters))
        self.cut = cut if strides > 1 else nn.Identity()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """relu(body + short cut)"""
        return torch.relu(self.cut(x) + self.body(x))


class Separable(nn.Module):
    """A depthwise and a pointwise convolution, their normalization and pooling."""

    def __init__(self, channels: int, filters: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False),
            nn.Conv2d(channels, filters, 1, bias=False),
            nn.BatchNorm2d(filters),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """All of them."""
        return self.layers(x)


class Mean(nn.Module):
    """The mean over some axes."""

    def __init__(self, *axes: int) -> None:
        super().__init__()
        self.axes = axes

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The mean."""
        return x.mean(self.axes)


class Text(nn.Module):
    """A convolution over words, and the largest value of every filter."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(10_000, 64)
        self.convolution = nn.Conv1d(64, 128, 5)
        self.rest = nn.Sequential(nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The logits."""
        return self.rest(torch.relu(self.convolution(self.words(x).transpose(1, 2))).amax(2))


class Block(nn.Module):
    """Self-attention and a layer of 512 units, each behind a normalization and around a short cut."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.LayerNorm(128, eps=1e-3), nn.LayerNorm(128, eps=1e-3)
        self.attention = nn.MultiheadAttention(128, 4, batch_first=True)
        self.fed = nn.Sequential(nn.Linear(128, 512), nn.ReLU(), nn.Linear(512, 128))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """x + attention, then x + layers."""
        n = self.first(x)
        x = x + self.attention(n, n, n, need_weights=False)[0]
        return x + self.fed(self.second(x))


class SkipGram(nn.Module):
    """The products of a word with six others."""

    def __init__(self) -> None:
        super().__init__()
        self.word, self.others = nn.Embedding(10_000, 128), nn.Embedding(10_000, 128)

    def forward(self, word: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
        """The logits."""
        return torch.bmm(self.others(others), self.word(word).transpose(1, 2))[..., 0]


def dense(*sizes: int) -> list[nn.Module]:
    """Linear layers with relu between them."""
    linear = [nn.Linear(a, b) for a, b in pairwise(sizes)]
    return [layer for each in linear for layer in (each, nn.ReLU())][:-1]


def convolutions(channels: int, *filters: int, padding: int = 1) -> list[nn.Module]:
    """3×3 convolutions with relu behind each."""
    pairs = zip((channels, *filters[:-1]), filters, strict=True)
    return [layer for a, b in pairs for layer in (nn.Conv2d(a, b, 3, padding=padding), nn.ReLU())]


def network(*layers: nn.Module) -> nn.Module:
    """Layers one behind another."""
    return nn.Sequential(*layers)


def pool() -> nn.Module:
    """2×2 pooling."""
    return nn.MaxPool2d(2)


def normal(*shape: int) -> torch.Tensor:
    """Random numbers."""
    return torch.randn(*shape)


def words(high: int, *shape: int) -> torch.Tensor:
    """Random numbers of words."""
    return torch.randint(0, high, shape)


Made = tuple[Callable[[], nn.Module], Callable[[], Sequence[torch.Tensor]], int]
NETWORKS: dict[str, Made] = {
    "mlp 2-8-8-2, batch 32": (lambda: network(*dense(2, 8, 8, 2)), lambda: [normal(32, 2)], 2),
    "mlp 64-128-10, batch 64": (lambda: network(*dense(64, 128, 10)), lambda: [normal(64, 64)], 10),
    "mlp 784-512-256-10, batch 128": (lambda: network(*dense(784, 512, 256, 10)), lambda: [normal(128, 784)], 10),
    "mlp 784-1024-1024-10, batch 256": (lambda: network(*dense(784, 1024, 1024, 10)), lambda: [normal(256, 784)], 10),
    "cnn 28x28, batch 64": (
        lambda: network(*convolutions(1, 32, 64, padding=0), pool(), nn.Flatten(), *dense(9216, 128, 10)),
        lambda: [normal(64, 1, 28, 28)],
        10,
    ),
    "vgg 32x32x3, batch 64": (
        lambda: network(
            *convolutions(3, 32, 32),
            pool(),
            *convolutions(32, 64, 64),
            pool(),
            nn.Flatten(),
            *dense(4096, 256, 10),
        ),
        lambda: [normal(64, 3, 32, 32)],
        10,
    ),
    "residual cnn 32x32x3, batch 64": (
        lambda: network(
            nn.Conv2d(3, 16, 3, padding=1),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            Residual(16, 16, 1),
            Residual(16, 32, 2),
            Residual(32, 64, 2),
            Mean(2, 3),
            nn.Linear(64, 10),
        ),
        lambda: [normal(64, 3, 32, 32)],
        10,
    ),
    "separable cnn 32x32x3, batch 64": (
        lambda: network(*convolutions(3, 32), Separable(32, 64), Separable(64, 128), Mean(2, 3), nn.Linear(128, 10)),
        lambda: [normal(64, 3, 32, 32)],
        10,
    ),
    "conv1d text 128 words, batch 64": (Text, lambda: [words(10_000, 64, 128)], 2),
    "lstm 32x64-128, batch 64": (lambda: Last(nn.LSTM), lambda: [normal(64, 32, 64)], 10),
    "gru 32x64-128, batch 64": (lambda: Last(nn.GRU), lambda: [normal(64, 32, 64)], 10),
    "bidirectional lstm, batch 64": (lambda: Last(nn.LSTM, True), lambda: [normal(64, 32, 64)], 10),
    "mean of 200 words, batch 64": (
        lambda: network(nn.Embedding(20_000, 64), Mean(1), *dense(64, 32, 2)),
        lambda: [words(20_000, 64, 200)],
        2,
    ),
    "transformer 64x128, batch 32": (
        lambda: network(Block(), Block(), Mean(1), nn.Linear(128, 10)),
        lambda: [normal(32, 64, 128)],
        10,
    ),
    "autoencoder 784, batch 128": (
        lambda: network(*dense(784, 128, 32, 128, 784), nn.Sigmoid()),
        lambda: [normal(128, 784)],
        784,
    ),
    "skip-gram 10,000x128, batch 256": (SkipGram, lambda: [words(10_000, 256, 1), words(10_000, 256, 6)], 6),
}
LOSSES: dict[str, Callable[[], nn.Module]] = {"autoencoder": nn.MSELoss, "skip-gram": nn.BCEWithLogitsLoss}


def targets(kind: str, batch: int, outputs: int) -> torch.Tensor:
    """Random targets of the kind that the loss takes."""
    if kind == "autoencoder":
        return torch.rand(batch, outputs)
    if kind == "skip-gram":
        return torch.randint(0, 2, (batch, outputs)).float()
    return torch.randint(0, outputs, (batch,))


def make(name: str) -> Side:
    """One network on random samples."""
    torch.manual_seed(0)
    module, samples, outputs = NETWORKS[name]
    xs, kind = list(samples()), name.split()[0]
    t, loss = targets(kind, len(xs[0]), outputs), LOSSES.get(kind, nn.CrossEntropyLoss)()
    layouts = (torch.contiguous_format, torch.channels_last) if xs[0].ndim == 4 else (torch.contiguous_format,)

    def training(fused: bool, layout: torch.memory_format) -> Step:
        model = module().to(memory_format=layout)
        optimizer = torch.optim.Adam(model.parameters(), fused=fused)
        inputs = [x.to(memory_format=layout) if x.ndim == 4 else x for x in xs]

        def step() -> None:
            optimizer.zero_grad(set_to_none=True)
            loss(model(*inputs), t).backward()
            optimizer.step()

        return step

    def prediction(layout: torch.memory_format) -> Step:
        model = module().to(memory_format=layout).eval()
        inputs = [x.to(memory_format=layout) if x.ndim == 4 else x for x in xs]
        last: Callable[[torch.Tensor], torch.Tensor]
        last = nn.Identity() if kind == "autoencoder" else torch.sigmoid if kind == "skip-gram" else nn.Softmax(dim=-1)

        def step() -> None:
            with torch.inference_mode():
                last(model(*inputs))

        return step

    names = {torch.contiguous_format: "", torch.channels_last: ", channels last"}
    ways = {
        ("fused" if fused else "default") + names[layout]: training(fused, layout)
        for fused, layout in product((False, True), layouts)
    }
    return Side(ways, {"eager" + names[layout]: prediction(layout) for layout in layouts})


if __name__ == "__main__":
    serve(make)
