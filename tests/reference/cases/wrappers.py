"""Layers that hold a layer."""

from __future__ import annotations

from graph.layers.activation import Activation
from graph.layers.convolution import Conv1D, Conv2D
from graph.layers.core import Dense
from graph.layers.maxout import Maxout
from graph.layers.normalization import BatchNormalization, LayerNormalization
from graph.layers.pooling import GlobalAveragePooling2D, MaxPooling2D
from graph.layers.recurrent import GRU, LSTM, SimpleRNN
from graph.layers.regularization import Dropout
from graph.layers.reshape import Flatten
from graph.layers.sum_pooling import GlobalSumPooling1D, SumPooling2D
from graph.layers.wrappers import MERGES, Bidirectional, TimeDistributed
from tests.reference.case import case

CASES = (
    case(TimeDistributed(Dense(4)), (5, 3)),
    case(TimeDistributed(Dense(4, activation="softmax", use_bias=False)), (5, 3)),
    case(TimeDistributed(Dense(4, trainable=False)), (5, 3)),
    case(TimeDistributed(Dense(4), trainable=False), (5, 3)),
    case(TimeDistributed(Conv2D(3, 2, activation="relu")), (4, 5, 6, 2)),
    case(TimeDistributed(Conv2D(3, 2, data_format="channels_first")), (3, 2, 5, 4)),
    case(TimeDistributed(Conv1D(3, 2, padding="causal")), (3, 5, 2)),
    case(TimeDistributed(MaxPooling2D()), (3, 4, 6, 2)),
    case(TimeDistributed(GlobalAveragePooling2D()), (3, 4, 3, 2)),
    case(TimeDistributed(SumPooling2D()), (3, 4, 6, 2)),
    case(TimeDistributed(GlobalSumPooling1D(keepdims=True)), (3, 4, 2)),
    case(TimeDistributed(Maxout(2)), (3, 6)),
    case(TimeDistributed(TimeDistributed(Maxout(3, axis=1))), (2, 3, 6, 2)),
    case(TimeDistributed(Flatten()), (3, 4, 2)),
    case(TimeDistributed(Activation("sigmoid")), (3, 4)),
    case(TimeDistributed(BatchNormalization(momentum=0.5)), (4, 3)),
    case(TimeDistributed(BatchNormalization(trainable=False)), (4, 3)),
    case(TimeDistributed(TimeDistributed(BatchNormalization())), (3, 2, 4)),
    case(TimeDistributed(LayerNormalization()), (4, 3)),
    case(TimeDistributed(Dropout(0.4)), (4, 3), random=True),
    case(TimeDistributed(LSTM(3)), (4, 5, 2)),
    case(TimeDistributed(GRU(3, return_sequences=True)), (4, 5, 2)),
    case(TimeDistributed(TimeDistributed(Dense(4, activation="tanh"))), (3, 2, 4)),
    case(TimeDistributed(Bidirectional(LSTM(2))), (3, 4, 2)),
    *(
        case(Bidirectional(layer(3, return_sequences=sequences), merge), (4, 2))
        for layer in (LSTM, GRU)
        for merge in (*MERGES, None)
        for sequences in (False, True)
    ),
    case(Bidirectional(SimpleRNN(3)), (4, 2)),
    case(Bidirectional(SimpleRNN(3, return_state=True), "sum"), (4, 2)),
    case(Bidirectional(LSTM(3, return_state=True)), (4, 2)),
    case(Bidirectional(LSTM(3, return_sequences=True, return_state=True), None), (4, 2)),
    case(Bidirectional(GRU(3, return_state=True), "mul"), (4, 2), (3,), (3,)),
    case(Bidirectional(LSTM(3), "ave"), (4, 2), (3,), (3,), (3,), (3,)),
    case(Bidirectional(LSTM(3, trainable=False)), (4, 2)),
    case(Bidirectional(LSTM(3), trainable=False), (4, 2)),
    case(Bidirectional(LSTM(3), backward_layer=LSTM(3, activation="relu", go_backwards=True)), (4, 2)),
    case(Bidirectional(LSTM(3), backward_layer=GRU(3, go_backwards=True)), (4, 2)),
    case(
        Bidirectional(GRU(3, go_backwards=True, return_sequences=True), "sum", GRU(3, return_sequences=True)),
        (4, 2),
    ),
    case(Bidirectional(LSTM(3, dropout=0.3, recurrent_dropout=0.2, return_sequences=True)), (4, 2), random=True),
)
