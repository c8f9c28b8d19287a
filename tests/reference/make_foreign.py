"""Let PyTorch make modules with weights as people keep them, and say what they give: `make_foreign.py`, with PyTorch.

The files lie in `tests/reference/foreign`: for each module NAME.safetensors, its state_dict, and NAME.npz, a sample `x`
as Keras has it and the outputs `y` likewise.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

FOLDER = Path(__file__).parent / "foreign"


class Images(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3), nn.ReLU()
        )
        self.fc1 = nn.Linear(6 * 2 * 1, 7)
        self.fc2 = nn.Linear(7, 3)

    def forward(self, x: Tensor) -> Tensor:
        rows = self.features(x.movedim(-1, 1)).flatten(1)
        return self.fc2(torch.relu(self.fc1(rows)))


class Words(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.tok = nn.Embedding(11, 4)
        self.rnn = nn.LSTM(4, 3, num_layers=2, bidirectional=True, batch_first=True)
        self.gru = nn.GRU(6, 5, batch_first=True)
        self.head = nn.Linear(5, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.gru(self.rnn(self.tok(x.long()))[0])[0][:, -1])


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.attn = nn.MultiheadAttention(6, 2, batch_first=True)
        self.norm1 = nn.LayerNorm(6)
        self.mlp = nn.Sequential(nn.Linear(6, 6), nn.GELU(), nn.Linear(6, 6))
        self.norm2 = nn.LayerNorm(6)

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm1(x + self.attn(x, x, x)[0])
        return self.norm2(x + self.mlp(x))


class Mobile(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(3, 6, 3, groups=3, bias=False)
        self.project = nn.Conv2d(6, 4, 1)
        self.up = nn.ConvTranspose2d(4, 2, 2, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        return self.up(self.project(self.depthwise(x.movedim(-1, 1)))).movedim(1, -1)


def main() -> None:
    """Write all files."""
    FOLDER.mkdir(exist_ok=True)
    torch.manual_seed(0)
    samples = {
        "images": (Images(), torch.randn(3, 8, 6, 2)),
        "words": (Words(), torch.randint(0, 11, (3, 5))),
        "block": (Block(), torch.randn(3, 4, 6)),
        "mobile": (Mobile(), torch.randn(3, 5, 5, 3)),
    }
    for name, (module, x) in samples.items():
        for tensor in module.state_dict().values():
            if tensor.is_floating_point():
                tensor.uniform_(0.1, 0.9)
        with torch.no_grad():
            y = module.eval()(x)
        save_file(module.state_dict(), FOLDER / f"{name}.safetensors")
        np.savez(FOLDER / f"{name}.npz", x=x.numpy().astype(np.float32), y=y.numpy())


if __name__ == "__main__":
    main()
