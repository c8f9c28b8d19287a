# ruff: noqa: F821 - the functions of all files go into one, of any version of Python
import numpy as np


def unseen(queries, values, causal=False, query_mask=None, masks=()):
    """Where a query must not look: padding, and, where it is causal, what lies behind it. (batch, queries, values)"""
    hidden = np.triu(np.ones((queries, values), bool), 1)[None] & causal
    if query_mask is not None:
        hidden = hidden | ~query_mask[:, :, None]
    for mask in masks:
        hidden = hidden | ~mask[:, None, :]
    return hidden


def weigh(scores, value, hidden, query_mask):
    """The values weighed by the softmax of the scores, and what they were weighed by."""
    weights = softmax(scores - 1e9 * hidden.astype(scores.dtype))
    y = weights @ value
    return (y if query_mask is None else y * query_mask[..., None]), weights


def attend(query, value, key, scale=1.0, concat_score_weight=None, causal=False, query_mask=None, value_mask=None):
    if concat_score_weight is None:
        scores = scale * (query @ key.swapaxes(1, 2))
    else:
        scores = concat_score_weight * np.tanh(scale * (query[:, :, None] + key[:, None])).sum(-1)
    hidden = unseen(query.shape[1], value.shape[1], causal, masks=[] if value_mask is None else [value_mask])
    return weigh(scores, value, hidden, query_mask)


def attend_additively(query, value, key, scale=1.0, causal=False, query_mask=None, value_mask=None):
    scores = (scale * np.tanh(query[:, :, None] + key[:, None])).sum(-1)
    hidden = unseen(query.shape[1], value.shape[1], causal, masks=[] if value_mask is None else [value_mask])
    return weigh(scores, value, hidden, query_mask)


def attend_in_heads(
    query,
    value,
    key,
    query_kernel,
    key_kernel,
    value_kernel,
    attention_output_kernel,
    query_bias=None,
    key_bias=None,
    value_bias=None,
    attention_output_bias=0.0,
    axes=(1,),
    causal=False,
    query_mask=None,
    masks=(),
):
    """Attention in several heads along `axes`; all other axes but the last are as those of a batch."""
    rest = [axis for axis in range(query.ndim - 1) if axis not in axes]
    order = (*rest, *axes, query.ndim - 1)

    def heads(x, kernel, bias):
        x = x.transpose(order)
        x = x.reshape(*x.shape[: len(rest)], -1, x.shape[-1])
        y = np.einsum("...tf,fhd->...htd", x, kernel)
        return y if bias is None else y + bias[:, None]

    q, k, v = (
        heads(query, query_kernel, query_bias),
        heads(key, key_kernel, key_bias),
        heads(value, value_kernel, value_bias),
    )
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1]).astype(q.dtype)
    hidden = unseen(q.shape[-2], k.shape[-2], causal, query_mask, masks)[:, None]
    if hidden.any():
        scores = np.where(hidden, np.asarray(-1e9, scores.dtype), scores)
    weights = softmax(scores)
    y = np.einsum("...htd,hdo->...to", weights @ v, attention_output_kernel) + attention_output_bias
    y = y.reshape(*(query.shape[axis] for axis in order[:-1]), -1).transpose(np.argsort(order))
    sizes = [[x.shape[axis] for axis in axes] for x in (query, value)]
    return y, weights.reshape(*weights.shape[:-2], *sizes[0], *sizes[1])
