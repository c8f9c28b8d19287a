"""The compiled functions. They take contiguous arrays of float32 or float64, and write into those named last."""

from engine.fast.loops.convolution import convolve, convolve_weights
from engine.fast.loops.dense import dense, dense_slope, dense_weights
from engine.fast.loops.elementwise import relu, relu_slope, sigmoid, sigmoid_slope, tanh_slope, tanh_values
from engine.fast.loops.embedding import add_mean_rows, add_rows, mean_rows, numbers, take_rows
from engine.fast.loops.losses import difference, sigmoid_crossentropy, squared_error
from engine.fast.loops.memory import gru_back, gru_step, lstm_back, lstm_step
from engine.fast.loops.normalization import (
    batch_norm,
    batch_norm_factors,
    batch_norm_moving,
    batch_norm_slope,
    batch_norm_slope_factors,
    batch_norm_slope_sums,
    batch_norm_sums,
    layer_norm,
    layer_norm_slope,
)
from engine.fast.loops.optimizers import adam
from engine.fast.loops.pairs import dot_rows, dot_rows_slope
from engine.fast.loops.pooling import max_pool, max_pool_slope
from engine.fast.loops.reductions import max_places, max_places_slope, mean_places, mean_places_slope
from engine.fast.loops.sequence import gru_sequence, gru_sequence_back, lstm_sequence, lstm_sequence_back
from engine.fast.loops.softmax import (
    crossentropy_rows,
    crossentropy_slope_rows,
    softmax_rows,
    softmax_slope_rows,
)
from engine.fast.loops.taps import depthwise_nine
from engine.fast.loops.windows import depthwise, depthwise_slope, depthwise_weights, scatter

__all__ = [
    "adam",
    "add_mean_rows",
    "add_rows",
    "batch_norm",
    "batch_norm_factors",
    "batch_norm_moving",
    "batch_norm_slope",
    "batch_norm_slope_factors",
    "batch_norm_slope_sums",
    "batch_norm_sums",
    "convolve",
    "convolve_weights",
    "crossentropy_rows",
    "crossentropy_slope_rows",
    "dense",
    "dense_slope",
    "dense_weights",
    "depthwise",
    "depthwise_nine",
    "depthwise_slope",
    "depthwise_weights",
    "difference",
    "dot_rows",
    "dot_rows_slope",
    "gru_back",
    "gru_sequence",
    "gru_sequence_back",
    "gru_step",
    "layer_norm",
    "layer_norm_slope",
    "lstm_back",
    "lstm_sequence",
    "lstm_sequence_back",
    "lstm_step",
    "max_places",
    "max_places_slope",
    "max_pool",
    "max_pool_slope",
    "mean_places",
    "mean_places_slope",
    "mean_rows",
    "numbers",
    "relu",
    "relu_slope",
    "scatter",
    "sigmoid",
    "sigmoid_crossentropy",
    "sigmoid_slope",
    "softmax_rows",
    "softmax_slope_rows",
    "squared_error",
    "take_rows",
    "tanh_slope",
    "tanh_values",
]
