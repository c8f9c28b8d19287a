"""Layers with memory."""

from __future__ import annotations

from graph.layers.recurrent import FUNCTIONS, GRU, LSTM, SimpleRNN
from tests.reference.case import case

CASES = (
    *(
        case(layer(4, **options), (5, 3))
        for layer in (SimpleRNN, LSTM, GRU)
        for options in (
            {},
            {"return_sequences": True},
            {"go_backwards": True},
            {"return_sequences": True, "go_backwards": True, "use_bias": False},
            {"activation": "softsign"},
            {"trainable": False},
        )
    ),
    *(case(SimpleRNN(3, activation=name, return_sequences=True), (3, 2)) for name in FUNCTIONS),
    case(LSTM(3, activation="relu", recurrent_activation="hard_sigmoid"), (4, 2)),
    case(LSTM(1), (1, 1)),
    case(LSTM(3, unit_forget_bias=False), (4, 2)),
    case(GRU(4, reset_after=False), (5, 3)),
    case(GRU(4, reset_after=False, return_sequences=True, use_bias=False), (5, 3)),
    case(GRU(3, activation="elu", recurrent_activation="tanh"), (4, 2)),
    *(
        case(layer(4, return_state=True, return_sequences=sequences), (5, 3))
        for layer in (SimpleRNN, LSTM, GRU)
        for sequences in (False, True)
    ),
    *(
        case(layer(4, **options), (5, 3), (4,))
        for layer in (SimpleRNN, GRU)
        for options in ({}, {"return_state": True})
    ),
    case(LSTM(4), (5, 3), (4,), (4,)),
    case(LSTM(4, return_sequences=True, return_state=True, go_backwards=True), (5, 3), (4,), (4,)),
    case(GRU(4, reset_after=False, return_state=True), (5, 3), (4,)),
    *(
        case(layer, (4, 3), random=True)
        for layer in (
            SimpleRNN(4, dropout=0.3, recurrent_dropout=0.4),
            LSTM(4, dropout=0.3, return_sequences=True),
            LSTM(4, recurrent_dropout=0.4, return_sequences=True),
            GRU(4, dropout=0.3, recurrent_dropout=0.4),
            GRU(4, dropout=0.3, recurrent_dropout=0.4, reset_after=False),
        )
    ),
)
