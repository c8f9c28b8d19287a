"""Let PyTorch's newer exporter and skl2onnx write the small files that the tests read: `make_files.py FOLDER`.

It runs in a Python that has PyTorch, onnxscript, scikit-learn and skl2onnx. What the files say of where they were made
is left out.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from skl2onnx import to_onnx
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import nn

Tensor = torch.Tensor


class States(nn.Module):
    """The last states of both directions, of two layers."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.LSTM(4, 5, 2, batch_first=True, bidirectional=True)
        self.head = nn.Linear(10, 3)

    def forward(self, x: Tensor) -> Tensor:
        _, (h, _) = self.rnn(x)
        return self.head(torch.cat([h[-2], h[-1]], 1))


class Steps(nn.Module):
    """All outputs of a GRU."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn, self.head = nn.GRU(4, 5, batch_first=True), nn.Linear(5, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.rnn(x)[0])


class Causal(nn.Module):
    """Steps that look at those before them."""

    def __init__(self) -> None:
        super().__init__()
        self.look = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
        return self.look(x, x, x, need_weights=False, attn_mask=mask, is_causal=True)[0]


class Token(nn.Module):
    """Patches of images behind a token that is the same for all, as a vision transformer has it."""

    def __init__(self) -> None:
        super().__init__()
        self.patches, self.token = nn.Conv2d(3, 8, 4, 4), nn.Parameter(torch.randn(1, 1, 8))
        self.places = nn.Parameter(torch.randn(1, 5, 8))
        self.body = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, norm_first=True, activation="gelu")
        self.head = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        y = self.patches(x).flatten(2).transpose(1, 2)
        y = torch.cat([self.token.expand(x.shape[0], -1, -1), y], 1) + self.places
        return self.head(self.body(y)[:, 0])


MODELS = {
    "states": (States(), (6, 4)),
    "steps": (Steps(), (6, 4)),
    "encoder": (
        nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2, enable_nested_tensor=False),
        (5, 8),
    ),
    "causal": (Causal(), (5, 8)),
    "token": (Token(), (3, 8, 8)),
    "normalized": (
        nn.Sequential(
            *(nn.Conv2d(3, 8, 3), nn.GroupNorm(4, 8), nn.Mish(), nn.InstanceNorm2d(8, affine=True), nn.Hardsigmoid()),
            *(nn.MaxPool2d(3, 2, ceil_mode=True), nn.GELU(approximate="tanh"), nn.Upsample(scale_factor=2)),
            *(nn.LogSoftmax(1), nn.Flatten(), nn.Linear(8 * 36, 3)),
        ),
        (3, 8, 8),
    ),
}


def write(model: onnx.ModelProto, path: Path) -> None:
    """The file without notes."""
    del model.metadata_props[:]
    del model.graph.metadata_props[:]
    for one in (*model.graph.node, *model.graph.value_info, *model.graph.input, *model.graph.output):
        del one.metadata_props[:]
        one.doc_string = ""
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def pytorch(folder: Path) -> None:
    """Models of PyTorch."""
    for name, (model, shape) in MODELS.items():
        model.eval()
        batch = ({0: torch.export.Dim("N", min=2)},)
        made = torch.onnx.export(model, (torch.randn(3, *shape),), dynamo=True, dynamic_shapes=batch, input_names=["x"])
        write(made.model_proto, folder / f"pytorch_{name}.onnx")


def scikit(folder: Path) -> None:
    """Networks of scikit-learn."""
    random = np.random.default_rng(0)
    x = random.normal(size=(200, 4)).astype(np.float32)
    three, two = (x[:, 0] > 0) + (x[:, 1] > 0.5).astype(int), (x[:, 0] > 0).astype(int)
    networks = {
        "classes": (MLPClassifier((8, 5), max_iter=50), three),
        "two_classes": (MLPClassifier((8,), activation="logistic", max_iter=50), two),
        "named_classes": (
            make_pipeline(StandardScaler(), MLPClassifier((8,), max_iter=50)),
            np.array(list("abc"))[three],
        ),
        "numbers": (
            MLPRegressor(hidden_layer_sizes=(8,), activation="tanh", max_iter=50),
            x @ np.array([1.0, 2.0, 3.0, 4.0]),
        ),
    }
    for name, (model, y) in networks.items():
        model.fit(x, y)
        write(to_onnx(model, x[:1]), folder / f"scikit_{name}.onnx")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    torch.manual_seed(0)
    pytorch(Path(sys.argv[1]))
    scikit(Path(sys.argv[1]))
