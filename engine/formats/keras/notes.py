"""What a file of Keras cannot say as the project does."""

from __future__ import annotations

from collections.abc import Iterator

from engine.formats.exporter import Note, Work
from engine.formats.keras.model import Model
from engine.formats.keras.operations import emitters
from engine.formats.keras_recipe import WRITTEN_OUT, metrics_said
from graph.layers.attention import MultiHeadAttention
from graph.layers.base import Layer
from graph.layers.conv_lstm import ConvLSTM
from graph.layers.endpoints import Output
from graph.message import Message


def layer_notes(model: Model, work: Work) -> Iterator[Note]:
    """What is said of layers."""
    written = {call.name for call in model.calls}
    for name, layer in work.project.network.layers.items():
        if work.inference.layers[name].left_out or isinstance(layer, Output):
            continue
        if name not in written and layer.inputs:
            yield Note(name, Message("No result is computed from it, so Keras leaves it out."))
        if type(layer) in emitters:
            yield Note(name, Message("Keras has no such layer: it is written as operations that compute the same."))
        if forgets_freezing(layer):
            text = Message(
                "Keras does not keep that {layer} is frozen: set trainable=False on it again after loading.",
                layer=layer.key,
            )
            yield Note(name, text)


def forgets_freezing(layer: Layer, frozen: bool = False) -> bool:
    """Whether this layer, or one inside of it, is frozen and has parts that Keras makes anew without knowing that."""
    frozen = frozen or not layer.trainable
    inner = [value for value in layer.config().values() if isinstance(value, Layer)]
    return (frozen and isinstance(layer, MultiHeadAttention | ConvLSTM)) or any(
        forgets_freezing(one, frozen) for one in inner
    )


def training_notes(work: Work) -> Iterator[Note]:
    """What is said of the training."""
    training, results = work.project.training, work.inference.results
    for result in results:
        loss = training.loss_of(result).key
        if loss in WRITTEN_OUT:
            text = Message("Keras has no loss {loss}, so the model is not compiled: call compile yourself.", loss=loss)
            yield Note(result, text)
        missing = len(training.metrics_of(result)) - len(metrics_said(training, result))
        if missing:
            yield Note(result, Message("Keras cannot measure {n} of the metrics here; they are left out.", n=missing))
    if training.early_stopping is not None:
        yield Note(None, Message("A file of Keras holds no early stopping: give it to fit again."))


def is_compiled(work: Work) -> bool:
    """Whether Keras has every loss of the recipe."""
    losses = {work.project.training.loss_of(result).key for result in work.inference.results}
    return losses.isdisjoint(WRITTEN_OUT)
