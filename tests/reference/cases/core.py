"""Dense, Embedding and Identity."""

from __future__ import annotations

from graph.layers.core import Dense, Embedding, Identity
from tests.reference.case import case

CASES = (
    case(Dense(4), (5,)),
    case(Dense(1, use_bias=False), (3,)),
    case(Dense(6, activation="relu"), (4, 5)),
    case(Dense(3, activation="softmax"), (2, 3, 4)),
    case(Dense(3, trainable=False, activation="sigmoid"), (4,)),
    case(Dense(3, activation="tanh", activity_regularizer="l2"), (4,)),
    case(Embedding(11, 4), (6,)),
    case(Embedding(3, 5), (4, 7)),
    case(Identity(), (4, 3)),
)
