import torch
from torch import nn
from torch.nn import functional as F


def unseen(queries, values, causal, query_mask, masks, like):
    """Where a query must not look: padding, and, where it is causal, what lies behind it. (batch, queries, values)"""
    hidden = torch.ones(queries, values, dtype=torch.bool, device=like.device).triu(1)[None] & causal
    if query_mask is not None:
        hidden = hidden | ~query_mask[:, :, None]
    for mask in masks:
        hidden = hidden | ~mask[:, None, :]
    return hidden


class Attention(nn.Module):
    """Look values up by the product of queries and keys, or by the tanh of their sum."""

    def __init__(self, scale=False, concat=False, causal=False, dropout=0.0):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(())) if scale else None
        self.concat_score_weight = nn.Parameter(torch.ones(())) if concat else None
        self.causal, self.dropout = causal, dropout

    def scores(self, query, key):
        scale = 1.0 if self.scale is None else self.scale
        if self.concat_score_weight is None:
            return scale * (query @ key.mT)
        return self.concat_score_weight * torch.tanh(scale * (query[:, :, None] + key[:, None])).sum(-1)

    def forward(self, query, value, key, query_mask=None, value_mask=None):
        scores = self.scores(query, key)
        masks = [] if value_mask is None else [value_mask]
        hidden = unseen(query.shape[1], value.shape[1], self.causal, None, masks, query)
        weights = F.dropout(torch.softmax(scores - 1e9 * hidden, -1), self.dropout, self.training)
        y = weights @ value
        return (y if query_mask is None else y * query_mask[..., None]), weights


class AdditiveAttention(Attention):
    """Look values up by the sum of queries and keys."""

    def __init__(self, features=None, causal=False, dropout=0.0):
        super().__init__(causal=causal, dropout=dropout)
        self.scale = None if features is None else nn.Parameter(torch.ones(features))

    def scores(self, query, key):
        found = torch.tanh(query[:, :, None] + key[:, None])
        return (found if self.scale is None else self.scale * found).sum(-1)


class MultiHeadAttention(nn.Module):
    """Attention in several heads along `axes`; all other axes but the last are as those of a batch."""

    def __init__(
        self, query, value, key, heads, key_dim, value_dim, output, axes=(1,), bias=True, causal=False, dropout=0.0
    ):
        super().__init__()
        self.query = nn.Linear(query, heads * key_dim, bias)
        self.key = nn.Linear(key, heads * key_dim, bias)
        self.value = nn.Linear(value, heads * value_dim, bias)
        self.output = nn.Linear(heads * value_dim, output, bias)
        self.heads, self.axes, self.causal, self.dropout = heads, axes, causal, dropout

    def forward(self, query, value, key, query_mask=None, masks=()):
        rest = [axis for axis in range(query.ndim - 1) if axis not in self.axes]
        order = [*rest, *self.axes, query.ndim - 1]

        def split(x, linear):
            x = x.permute(order).flatten(len(rest), -2)
            return linear(x).unflatten(-1, (self.heads, -1)).transpose(-2, -3)

        q, k, v = split(query, self.query), split(key, self.key), split(value, self.value)
        scores = q @ k.mT / q.shape[-1] ** 0.5
        if self.causal or query_mask is not None or masks:
            hidden = unseen(q.shape[-2], k.shape[-2], self.causal, query_mask, masks, q)
            scores = torch.where(hidden[:, None], -1e9, scores)
        weights = torch.softmax(scores, -1)
        y = (F.dropout(weights, self.dropout, self.training) @ v).transpose(-2, -3).flatten(-2)
        y = self.output(y).reshape(*(query.shape[axis] for axis in order[:-1]), -1)
        sizes = [[x.shape[axis] for axis in self.axes] for x in (query, value)]
        back = sorted(range(len(order)), key=order.__getitem__)
        return y.permute(back), weights.reshape(*weights.shape[:-2], *sizes[0], *sizes[1])
