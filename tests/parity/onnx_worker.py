"""Let PyTorch's exporter write models as ONNX files, with an input and PyTorch's output for it beside each.

It runs in the Python that has PyTorch: `onnx_worker.py FOLDER`.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np
import torch
from torch import nn

Tensor = torch.Tensor


class Residual(nn.Module):
    """A small ResNet."""

    def __init__(self) -> None:
        super().__init__()
        stem = nn.Conv2d(3, 8, 7, 2, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(3, 2, 1)
        self.stem = nn.Sequential(*stem)
        self.inner, self.norm = nn.Conv2d(8, 8, 3, 1, 1, bias=False), nn.BatchNorm2d(8)
        self.short, self.long = nn.Conv2d(8, 16, 1, 2), nn.Conv2d(8, 16, 3, 2, 1)
        self.pool, self.head = nn.AdaptiveAvgPool2d(1), nn.Linear(16, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        x = torch.relu(self.norm(self.inner(x)) + x)
        x = torch.relu(self.short(x) + self.long(x))
        return torch.softmax(self.head(torch.flatten(self.pool(x), 1)), 1)


class Viewed(nn.Module):
    """A view whose sizes are found when the model runs, and a gelu that is written out."""

    def __init__(self) -> None:
        super().__init__()
        self.slide, self.hidden, self.head = nn.Conv1d(4, 6, 3, padding=1), nn.Linear(60, 7), nn.Linear(7, 1)

    def forward(self, x: Tensor) -> Tensor:
        y = torch.tanh(self.slide(x)).view(x.size(0), -1)
        return torch.sigmoid(self.head(nn.functional.gelu(self.hidden(y))))


class Remembering(nn.Module):
    """The outputs of all steps, or the states behind the last one of the last layer in both directions."""

    def __init__(self, memory: nn.RNNBase, states: bool = False) -> None:
        super().__init__()
        self.memory, self.states = memory, states
        self.head = nn.Linear(memory.hidden_size * (1 + memory.bidirectional), 3)

    def forward(self, x: Tensor) -> Tensor:
        y, h = self.memory(x)
        if self.states:
            h = h[0] if isinstance(h, tuple) else h
            y = torch.cat([h[-2], h[-1]], 1) if self.memory.bidirectional else h[-1]
        return self.head(y)


class Looking(nn.Module):
    """Words with their places, seen by each other in heads."""

    def __init__(self, causal: bool) -> None:
        super().__init__()
        self.places, self.look = nn.Parameter(torch.randn(6, 8)), nn.MultiheadAttention(8, 2, batch_first=True)
        self.causal, self.norm = causal, nn.LayerNorm(8)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.places
        mask = nn.Transformer.generate_square_subsequent_mask(6) if self.causal else None
        return self.norm(x + self.look(x, x, x, need_weights=False, attn_mask=mask, is_causal=self.causal)[0])


class Parts(nn.Module):
    """Parts of a value chosen, compared, stacked and taken together."""

    def forward(self, x: Tensor) -> Tensor:
        a, b = x.split(3, 1)
        y = torch.where(a > 0.2, b, 2 * a) + (a**2).sqrt()
        z = torch.einsum("nij,nkj->nik", y, b).clamp(-1, 1)
        return torch.stack([z, torch.flip(z, [1])], 1).sum(1) + y.max(2, keepdim=True)[0]


MODELS = {
    "mlp": (nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 8), nn.Tanh(), nn.Linear(8, 3)), (6,)),
    "residual": (Residual(), (3, 32, 32)),
    "viewed": (Viewed(), (4, 10)),
    "mobile": (
        nn.Sequential(
            *(nn.Conv2d(3, 8, 3, 2, 1), nn.BatchNorm2d(8), nn.ReLU6(), nn.Conv2d(8, 8, 3, 1, 1, groups=8), nn.SiLU()),
            *(nn.Conv2d(8, 12, 1), nn.Hardswish(), nn.AvgPool2d(2), nn.ConvTranspose2d(12, 6, 4, 2, 1)),
            *(nn.LeakyReLU(0.1), nn.Upsample(scale_factor=2), nn.Dropout(0.3), nn.Flatten(), nn.Linear(6 * 256, 4)),
        ),
        (3, 16, 16),
    ),
    "lstm": (Remembering(nn.LSTM(4, 5, 2, batch_first=True)), (6, 4)),
    "lstm_both_ways": (Remembering(nn.LSTM(4, 5, 2, batch_first=True, bidirectional=True), states=True), (6, 4)),
    "gru": (Remembering(nn.GRU(4, 5, batch_first=True), states=True), (6, 4)),
    "gru_both_ways": (Remembering(nn.GRU(4, 5, batch_first=True, bidirectional=True)), (6, 4)),
    "rnn": (Remembering(nn.RNN(4, 5, nonlinearity="relu", batch_first=True)), (6, 4)),
    "encoder": (
        nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2, enable_nested_tensor=False),
        (5, 8),
    ),
    "looking": (Looking(causal=False), (6, 8)),
    "looking_back": (Looking(causal=True), (6, 8)),
    "parts": (Parts(), (6, 4)),
    "groups": (
        nn.Sequential(
            *(nn.Conv2d(3, 8, 3), nn.GroupNorm(4, 8), nn.Mish(), nn.InstanceNorm2d(8, affine=True), nn.Hardsigmoid()),
            *(nn.MaxPool2d(3, 2, ceil_mode=True), nn.GELU(approximate="tanh"), nn.LogSoftmax(1), nn.Flatten()),
        ),
        (3, 8, 8),
    ),
    "normalized": (
        nn.Sequential(nn.Linear(6, 8), nn.LayerNorm(8), nn.ELU(), nn.PReLU(), nn.Linear(8, 2, bias=False)),
        (5, 6),
    ),
}


def write(name: str, folder: Path) -> None:
    """One model with its input and output."""
    model, shape = MODELS[name]
    for part in model.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.running_mean.normal_()
            part.running_var.uniform_(0.5, 2.0)
    x = torch.randn(3, *shape)
    model.eval()
    with torch.no_grad():
        np.savez(folder / f"{name}.npz", x=x.numpy(), y=model(x).numpy())
    named = {"input_names": ["x"], "dynamic_axes": {"x": {0: "N"}}}
    torch.onnx.export(model, (x,), str(folder / f"{name}.onnx"), dynamo=False, opset_version=17, **named)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    torch.manual_seed(0)
    for each in MODELS:
        write(each, Path(sys.argv[1]))
