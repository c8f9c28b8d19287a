"""Layers with memory that drop values, which Keras computes for the tests with masks that are stored."""

from __future__ import annotations

from graph.layers.recurrent import GRU, LSTM, Recurrent, SimpleRNN

BATCH, STEPS, FEATURES = 3, 4, 5

LAYERS: dict[str, Recurrent] = {
    f"{layer.key} {layer.config().get('reset_after', '')} {dropout} {recurrent}": layer.with_(
        dropout=dropout, recurrent_dropout=recurrent, return_sequences=True
    )
    for layer in (SimpleRNN(6), LSTM(6), GRU(6), GRU(6, reset_after=False))
    for dropout, recurrent in ((0.3, 0.0), (0.0, 0.4), (0.3, 0.4))
}
