# ruff: noqa: F821, B905 - the functions of all files go into one, of any version of Python
import torch
from torch import nn
from torch.nn import functional as F


class Recurrent(nn.Module):
    """A layer that carries states along a sequence; gives its output and the last states.

    At a masked step all states stay as they are, as in Keras.
    """

    def __init__(self, return_sequences=False, go_backwards=False, dropout=0.0, recurrent_dropout=0.0):
        super().__init__()
        self.return_sequences, self.go_backwards = return_sequences, go_backwards
        self.dropout, self.recurrent_dropout = dropout, recurrent_dropout

    def forward(self, x, states=None, mask=None):
        states = self.first_states(x) if states is None else states
        kept_x = F.dropout(torch.ones_like(x[:, 0]), self.dropout, self.training)
        kept_h = F.dropout(torch.ones_like(states[0]), self.recurrent_dropout, self.training)
        steps = range(x.shape[1])
        outputs = []
        for t in reversed(steps) if self.go_backwards else steps:
            new = self.step(x[:, t] * kept_x, states[0] * kept_h, *states)
            if mask is not None:
                seen = mask[:, t].reshape(-1, *[1] * (new[0].ndim - 1))
                new = [torch.where(seen, after, before) for after, before in zip(new, states)]
            states = new
            outputs.append(states[0])
        return (torch.stack(outputs, 1) if self.return_sequences else states[0], *states)


class Cell(Recurrent):
    """A layer whose states are rows of numbers."""

    def __init__(self, features, units, gates, states, bias=None, **options):
        super().__init__(**options)
        self.units, self.states = units, states
        self.kernel = nn.Parameter(nn.init.xavier_uniform_(torch.empty(features, gates * units)))
        self.recurrent_kernel = nn.Parameter(nn.init.orthogonal_(torch.empty(units, gates * units)))
        self.bias = None if bias is None else nn.Parameter(torch.zeros(bias))

    def first_states(self, x):
        return [x.new_zeros(len(x), self.units)] * self.states

    def of_input(self, x):
        return x @ self.kernel if self.bias is None else x @ self.kernel + self.bias


class SimpleRNN(Cell):
    def __init__(self, features, units, activation, **options):
        super().__init__(features, units, 1, 1, **options)
        self.activation = activation

    def step(self, x, kept, h):
        return [self.activation(self.of_input(x) + kept @ self.recurrent_kernel)]


class LSTM(Cell):
    """Gates in the order of Keras: input, forget, new, output."""

    def __init__(self, features, units, activation, recurrent_activation, **options):
        super().__init__(features, units, 4, 2, **options)
        self.activation, self.gate = activation, recurrent_activation

    def step(self, x, kept, h, c):
        i, f, g, o = (self.of_input(x) + kept @ self.recurrent_kernel).chunk(4, -1)
        c = self.gate(f) * c + self.gate(i) * self.activation(g)
        return [self.gate(o) * self.activation(c), c]


class GRU(Cell):
    """Gates in the order of Keras: update, reset, new. A bias of two rows is for input and state."""

    def __init__(self, features, units, activation, recurrent_activation, reset_after, **options):
        super().__init__(features, units, 3, 1, **options)
        self.activation, self.gate, self.reset_after = activation, recurrent_activation, reset_after

    def of_input(self, x):
        bias = self.bias if self.bias is None or self.bias.ndim == 1 else self.bias[0]
        return x @ self.kernel if bias is None else x @ self.kernel + bias

    def step(self, x, kept, h):
        of_state = kept @ self.recurrent_kernel
        if self.bias is not None and self.bias.ndim == 2:
            of_state = of_state + self.bias[1]
        (xz, xr, xg), (hz, hr, hg) = self.of_input(x).chunk(3, -1), of_state.chunk(3, -1)
        z, r = self.gate(xz + hz), self.gate(xr + hr)
        reset = r * hg if self.reset_after else (r * kept) @ self.recurrent_kernel[:, 2 * self.units :]
        return [z * h + (1 - z) * self.activation(xg + reset)]


class ConvLSTM(Recurrent):
    """An LSTM that slides filters over every step and over its state; channels stand behind the steps."""

    def __init__(
        self, channels, filters, size, activation, recurrent_activation, stride, dilation, same, bias=True, **options
    ):
        super().__init__(**options)
        convolution = nn.Conv1d if len(size) == 1 else nn.Conv2d
        self.of_input = convolution(channels, 4 * filters, size, stride, dilation=dilation, bias=bias)
        self.of_state = convolution(filters, 4 * filters, size, padding="same", bias=False)
        self.activation, self.gate, self.same = activation, recurrent_activation, same

    def read(self, x):
        conv = self.of_input
        return conv(pad_same(x, conv.kernel_size, conv.stride, conv.dilation) if self.same else x)

    def first_states(self, x):
        return [torch.zeros_like(self.read(x[:, 0]).chunk(4, 1)[0])] * 2

    def step(self, x, kept, h, c):
        i, f, g, o = (self.read(x) + self.of_state(kept)).chunk(4, 1)
        c = self.gate(f) * c + self.gate(i) * self.activation(g)
        return [self.gate(o) * self.activation(c), c]


def both_directions(forward, backward, mode, return_sequences=False, mask=None, axis=-1):
    """Join what two directions give; masked steps are 0 where every step is given on."""
    (a, *first), (b, *second) = forward, backward
    if return_sequences:
        b = b.flip(1)
    if mask is not None:
        seen = mask.reshape(*mask.shape, *[1] * (a.ndim - 2))
        a, b = a * seen, b * seen
    joined = {
        "concat": lambda: (torch.cat([a, b], axis),),
        "sum": lambda: (a + b,),
        "ave": lambda: ((a + b) / 2,),
        "mul": lambda: (a * b,),
        None: lambda: (a, b),
    }[mode]()
    return (*joined, *first, *second)
