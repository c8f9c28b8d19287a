"""Templates that bring their own data: digits, spirals, a regression curve, and reviews."""

from __future__ import annotations

from pathlib import Path

from engine.data.reviews import WORDS
from engine.templates.base import Made, chain, own_data_only, template
from graph.datasets import Curve, Digits, Reviews, Spirals
from graph.layers.convolution import Conv2D
from graph.layers.core import Dense, Embedding
from graph.layers.endpoints import Input
from graph.layers.normalization import BatchNormalization
from graph.layers.pooling import MaxPooling2D
from graph.layers.regularization import Dropout
from graph.layers.reshape import Flatten
from graph.losses import BinaryCrossentropy, MeanSquaredError, SparseCategoricalCrossentropy
from graph.message import Message
from graph.optimizers import Adam
from graph.recipe import DataRecipe, EarlyStopping, TrainingRecipe


@template(
    "digits",
    Message("Handwritten digits"),
    Message("A small convolutional network reads handwritten digits."),
)
def digits(data: Path | None) -> Made:
    """Two convolutions, a pooling, and a classifier of ten classes."""
    own_data_only("digits", data)
    layers = {
        "input": Input(shape=(8, 8, 1)),
        "conv2d": Conv2D(32, (3, 3), padding="same", activation="relu"),
        "batch_normalization": BatchNormalization(momentum=0.9),
        "conv2d_1": Conv2D(32, (3, 3), padding="same", activation="relu"),
        "max_pooling2d": MaxPooling2D(),
        "dropout": Dropout(0.25),
        "flatten": Flatten(),
        "dense": Dense(64, activation="relu"),
        "dropout_1": Dropout(0.5),
        "output": Dense(10, activation="softmax"),
    }
    training = TrainingRecipe(
        optimizer=Adam(),
        loss=SparseCategoricalCrossentropy(),
        metrics=("accuracy",),
        epochs=30,
        batch_size=64,
        early_stopping=EarlyStopping(patience=12),
    )
    notes = "Reads handwritten digits of 8×8 grey values. About 99 in 100 digits it has never seen are read correctly."
    return chain(layers, DataRecipe(source=Digits()), training, notes), ()


@template(
    "spirals",
    Message("Two spirals"),
    Message("Two hidden layers tell two spirals apart."),
)
def spirals(data: Path | None) -> Made:
    """A border that no straight line can draw."""
    own_data_only("spirals", data)
    layers = {
        "input": Input(shape=(2,)),
        "dense": Dense(64, activation="relu"),
        "dense_1": Dense(64, activation="relu"),
        "output": Dense(1, activation="sigmoid"),
    }
    training = TrainingRecipe(
        optimizer=Adam(learning_rate=0.01),
        loss=BinaryCrossentropy(),
        metrics=("accuracy",),
        epochs=60,
        batch_size=32,
    )
    notes = "No straight line tells the spirals apart. Watch the loss fall once the network finds their turns."
    return chain(layers, DataRecipe(source=Spirals()), training, notes), ()


@template(
    "regression",
    Message("Regression curve"),
    Message("Two hidden layers follow a noisy curve."),
)
def regression(data: Path | None) -> Made:
    """One number from another."""
    own_data_only("regression", data)
    layers = {
        "input": Input(shape=(1,)),
        "dense": Dense(64, activation="relu"),
        "dense_1": Dense(64, activation="relu"),
        "output": Dense(1),
    }
    training = TrainingRecipe(
        optimizer=Adam(learning_rate=0.01),
        loss=MeanSquaredError(),
        metrics=("mean_absolute_error",),
        epochs=150,
        batch_size=32,
    )
    notes = "The noise of the data has a deviation of 0.1, so no network gets the mean squared error much below 0.01."
    return chain(layers, DataRecipe(source=Curve()), training, notes), ()


@template(
    "sentiment",
    Message("Sentiment of reviews"),
    Message("An embedding learns from short reviews which words praise, and what a not before them does."),
)
def sentiment(data: Path | None) -> Made:
    """Words as vectors, then a classifier over all their places."""
    own_data_only("sentiment", data)
    source = Reviews()
    layers = {
        "embedding": Embedding(len(WORDS), 16, input_length=source.length),
        "flatten": Flatten(),
        "dense": Dense(64, activation="relu"),
        "dropout": Dropout(0.4),
        "output": Dense(1, activation="sigmoid"),
    }
    training = TrainingRecipe(
        optimizer=Adam(), loss=BinaryCrossentropy(), metrics=("accuracy",), epochs=30, batch_size=32
    )
    notes = "The reviews are made up. Counting good and bad words is not enough: 'not good' is a complaint."
    return chain(layers, DataRecipe(source=source), training, notes), ()
