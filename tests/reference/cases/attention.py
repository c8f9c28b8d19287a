"""Layers that look things up."""

from __future__ import annotations

from graph.layers.attention import AdditiveAttention, Attention, MultiHeadAttention
from tests.reference.case import case

CASES = (
    case(Attention(), (4, 3), (5, 3)),
    case(AdditiveAttention(), (4, 3), (5, 3)),
    *(
        case(layer(**options), (4, 3), (5, 3))
        for layer in (Attention, AdditiveAttention)
        for options in (
            {"use_scale": layer is Attention},
            {"use_scale": False, "use_causal_mask": True},
            {"return_attention_scores": True},
            {"trainable": False},
        )
    ),
    case(Attention(), (4, 3), (5, 6), (5, 3)),
    case(Attention(use_scale=True, use_causal_mask=True), (4, 3), (4, 3), (4, 3)),
    case(Attention(score_mode="concat"), (4, 3), (5, 3)),
    case(Attention(score_mode="concat", use_scale=True, return_attention_scores=True), (4, 3), (5, 6), (5, 3)),
    case(AdditiveAttention(), (4, 3), (5, 6), (5, 3)),
    case(MultiHeadAttention(2, 3), (4, 5), (4, 5)),
    case(MultiHeadAttention(2, 3, use_causal_mask=True), (4, 5), (4, 5)),
    case(MultiHeadAttention(3, 2, value_dim=4, use_bias=False, return_attention_scores=True), (4, 5), (6, 3)),
    case(MultiHeadAttention(1, 4, output_shape=7, return_attention_scores=True), (4, 5), (6, 3), (6, 2)),
    case(MultiHeadAttention(2, 3, trainable=False), (4, 5), (4, 5)),
    case(MultiHeadAttention(2, 3, return_attention_scores=True), (3, 2, 5), (2, 2, 5)),
    case(MultiHeadAttention(2, 3, attention_axes=(1,), return_attention_scores=True), (3, 2, 5), (4, 2, 3)),
    case(MultiHeadAttention(2, 3, attention_axes=(2,), output_shape=4), (3, 2, 5), (3, 4, 5), (3, 4, 2)),
    case(MultiHeadAttention(1, 2, attention_axes=(1, 3), return_attention_scores=True), (2, 3, 2, 4), (2, 3, 2, 4)),
    *(
        case(layer, (6, 4), (5, 4), random=True)
        for layer in (
            Attention(dropout=0.4, return_attention_scores=True),
            AdditiveAttention(dropout=0.4),
            MultiHeadAttention(2, 3, dropout=0.4, return_attention_scores=True),
        )
    ),
)
