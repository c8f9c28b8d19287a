"""LSTMs that slide filters."""

from __future__ import annotations

from graph.layers.conv_lstm import ConvLSTM1D, ConvLSTM2D
from graph.layers.wrappers import Bidirectional, TimeDistributed
from tests.reference.case import case

CASES = (
    *(
        case(ConvLSTM2D(2, kernel_size=2, **options), (3, 4, 5, 2))
        for options in (
            {},
            {"return_sequences": True},
            {"go_backwards": True, "return_sequences": True},
            {"padding": "same", "use_bias": False},
            {"strides": (2, 1), "padding": "same", "return_state": True},
            {"dilation_rate": (1, 2), "activation": "relu", "recurrent_activation": "hard_sigmoid"},
            {"trainable": False},
            {"unit_forget_bias": False, "return_sequences": True, "return_state": True},
        )
    ),
    case(ConvLSTM2D(2, kernel_size=(3, 2), data_format="channels_first", return_sequences=True), (3, 2, 4, 5)),
    case(ConvLSTM2D(2, kernel_size=2, data_format="channels_first", return_state=True, strides=2), (3, 2, 4, 5)),
    case(ConvLSTM2D(2, kernel_size=2), (3, 4, 5, 2), (3, 4, 2), (3, 4, 2)),
    case(ConvLSTM2D(2, kernel_size=2, data_format="channels_first"), (3, 2, 4, 5), (2, 3, 4), (2, 3, 4)),
    *(
        case(ConvLSTM1D(3, kernel_size=2, **options), (4, 5, 2))
        for options in ({}, {"padding": "same", "return_sequences": True}, {"strides": 2, "return_state": True})
    ),
    case(ConvLSTM1D(2, data_format="channels_first", return_sequences=True, go_backwards=True), (3, 2, 5)),
    case(ConvLSTM1D(2, dilation_rate=2), (3, 6, 2)),
    *(
        case(layer, (3, 5, 2), random=True)
        for layer in (
            ConvLSTM1D(2, kernel_size=2, dropout=0.3),
            ConvLSTM1D(2, kernel_size=2, recurrent_dropout=0.4, return_sequences=True),
            ConvLSTM1D(2, kernel_size=2, dropout=0.3, recurrent_dropout=0.4, strides=2),
        )
    ),
    case(Bidirectional(ConvLSTM1D(2, kernel_size=2, return_sequences=True), "mul"), (3, 5, 2)),
    case(Bidirectional(ConvLSTM2D(2, kernel_size=2, return_state=True)), (3, 4, 3, 2)),
    case(TimeDistributed(ConvLSTM1D(2, kernel_size=2)), (2, 3, 5, 2)),
)
