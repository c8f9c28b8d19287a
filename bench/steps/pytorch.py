"""PyTorch's training steps: forward, cross-entropy, backward, Adam (the fused one, PyTorch's fastest)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import nn

from bench.steps.worker import serve

torch.set_num_threads(2)


class LastStep(nn.Module):
    """A recurrent layer of 128 units, and a linear one behind its last step."""

    def __init__(self, cell: type[nn.LSTM] | type[nn.GRU]) -> None:
        super().__init__()
        self.cell, self.linear = cell(64, 128, batch_first=True), nn.Linear(128, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The logits behind the last step."""
        return self.linear(self.cell(x)[0][:, -1])


Made = tuple[int, tuple[int, ...], int, Callable[[], nn.Module]]
NETWORKS: dict[str, Made] = {
    "mlp 2-8-8-2, batch 32": (
        32,
        (2,),
        2,
        lambda: nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 2)),
    ),
    "mlp 784-512-256-10, batch 128": (
        128,
        (784,),
        10,
        lambda: nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10)),
    ),
    "cnn 28x28, batch 64": (
        64,
        (1, 28, 28),
        10,
        lambda: nn.Sequential(
            nn.Conv2d(1, 32, 3),
            nn.ReLU(),
            nn.Conv2d(32, 64, 3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(9216, 128),
            nn.ReLU(),
            nn.Linear(128, 10),
        ),
    ),
    "digits cnn, batch 32": (
        32,
        (1, 8, 8),
        10,
        lambda: nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1),
            nn.ReLU(),
            nn.BatchNorm2d(32),
            nn.Conv2d(32, 32, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Dropout(0.25),
            nn.Flatten(),
            nn.Linear(512, 64),
            nn.ReLU(),
            nn.Dropout(0.5),
            nn.Linear(64, 10),
        ),
    ),
    "lstm 32x64-128, batch 64": (64, (32, 64), 10, lambda: LastStep(nn.LSTM)),
    "gru 32x64-128, batch 64": (64, (32, 64), 10, lambda: LastStep(nn.GRU)),
}


def step(name: str) -> Callable[[], None]:
    """The training step of one network on random samples."""
    torch.manual_seed(0)
    batch, shape, classes, make = NETWORKS[name]
    model = make()
    optimizer = torch.optim.Adam(model.parameters(), fused=True)
    x, t = torch.randn(batch, *shape), torch.randint(0, classes, (batch,))
    loss = nn.CrossEntropyLoss()

    def run() -> None:
        optimizer.zero_grad(set_to_none=True)
        loss(model(x), t).backward()
        optimizer.step()

    return run


if __name__ == "__main__":
    serve({name: partial(step, name) for name in NETWORKS})
