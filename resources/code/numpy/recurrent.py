# ruff: noqa: F821, B905 - the functions of all files go into one, of any version of Python
import numpy as np


def along_steps(cell, x, states, mask=None, return_sequences=False, go_backwards=False):
    """Run a cell over the steps of a sequence; at a masked step all states stay as they are."""
    steps = range(x.shape[1])
    outputs = []
    for t in reversed(steps) if go_backwards else steps:
        new = cell(x[:, t], *states)
        if mask is not None:
            seen = mask[:, t].reshape(-1, *[1] * (new[0].ndim - 1))
            new = [np.where(seen, after, before) for after, before in zip(new, states)]
        states = new
        outputs.append(states[0])
    return (np.stack(outputs, 1) if return_sequences else states[0], *states)


def run_simple_rnn(x, kernel, recurrent_kernel, bias=0.0, activation=np.tanh, states=None, **options):
    def cell(x, h):
        return [activation(x @ kernel + h @ recurrent_kernel + bias)]

    zeros = np.zeros((len(x), len(recurrent_kernel)), x.dtype)
    return along_steps(cell, x, states or [zeros], **options)


def run_lstm(
    x, kernel, recurrent_kernel, bias=0.0, activation=np.tanh, recurrent_activation=None, states=None, **options
):
    def cell(x, h, c):
        i, f, g, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, -1)
        c = recurrent_activation(f) * c + recurrent_activation(i) * activation(g)
        return [recurrent_activation(o) * activation(c), c]

    zeros = np.zeros((len(x), len(recurrent_kernel)), x.dtype)
    return along_steps(cell, x, states or [zeros, zeros], **options)


def run_gru(
    x,
    kernel,
    recurrent_kernel,
    bias=None,
    activation=np.tanh,
    recurrent_activation=None,
    reset_after=True,
    states=None,
    **options,
):
    if bias is None:
        bias = np.zeros((2, kernel.shape[1]), x.dtype)
    elif not reset_after:
        bias = np.stack([bias, np.zeros_like(bias)])
    units = len(recurrent_kernel)

    def cell(x, h):
        xz, xr, xg = np.split(x @ kernel + bias[0], 3, -1)
        hz, hr, hg = np.split(h @ recurrent_kernel + bias[1], 3, -1)
        z, r = recurrent_activation(xz + hz), recurrent_activation(xr + hr)
        reset = r * hg if reset_after else (r * h) @ recurrent_kernel[:, 2 * units :]
        return [z * h + (1 - z) * activation(xg + reset)]

    return along_steps(cell, x, states or [np.zeros((len(x), units), x.dtype)], **options)


def run_conv_lstm(
    x,
    kernel,
    recurrent_kernel,
    bias=0.0,
    activation=np.tanh,
    recurrent_activation=None,
    strides=None,
    dilation=None,
    padding="valid",
    states=None,
    **options,
):
    def of_input(x):
        return convolve(x, kernel, bias, strides, dilation, padding)

    def cell(x, h, c):
        i, f, g, o = np.split(of_input(x) + convolve(h, recurrent_kernel, padding="same"), 4, -1)
        c = recurrent_activation(f) * c + recurrent_activation(i) * activation(g)
        return [recurrent_activation(o) * activation(c), c]

    gates = of_input(x[:, 0])
    zeros = np.zeros((*gates.shape[:-1], gates.shape[-1] // 4), x.dtype)
    return along_steps(cell, x, states or [zeros, zeros], **options)


def part(weights, prefix):
    """The weights of one direction."""
    return {name.removeprefix(prefix): one for name, one in weights.items() if name.startswith(prefix)}


def both_directions(forward, backward, mode, return_sequences=False, mask=None):
    """Join what two directions give; masked steps are 0 where every step is given on."""
    (a, *first), (b, *second) = forward, backward
    if return_sequences:
        b = b[:, ::-1]
    if mask is not None:
        seen = mask.reshape(*mask.shape, *[1] * (a.ndim - 2))
        a, b = a * seen, b * seen
    joined = {
        "concat": lambda: (np.concatenate([a, b], -1),),
        "sum": lambda: (a + b,),
        "ave": lambda: ((a + b) / 2,),
        "mul": lambda: (a * b,),
        None: lambda: (a, b),
    }[mode]()
    return (*joined, *first, *second)


def at_every_step(function, x):
    """Apply a function to every step of a sequence."""
    y = function(x.reshape(-1, *x.shape[2:]))
    return y.reshape(*x.shape[:2], *y.shape[1:])
