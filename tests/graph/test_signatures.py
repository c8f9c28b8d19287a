"""Names and defaults are Keras's: what Keras takes is declared, or named here as left out, with the reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph.declare import Declared
from graph.layers import Layer
from tests.reference.signatures import KINDS, REQUIRED

KERAS = json.loads((Path(__file__).parents[1] / "reference" / "signatures.json").read_text(encoding="utf-8"))
CASES = [(kind, cls) for kind, registry in KINDS.items() for cls in registry]

OURS_ALONE = {
    "layer": {
        "Output",
        "Maxout",
        *(f"{area}SumPooling{n}D" for area in ("", "Global") for n in (1, 2, 3)),
    },
    "loss": {"exponential"},
    "metric": {
        "specificity",
        "average_precision",
        "log_loss",
        "cohen_kappa",
        "matthews_corrcoef",
        "mean_average_precision",
        "mean_reciprocal_rank",
        "ndcg",
        "hit_at_k",
    },
    "schedule": {"OneCycle"},
}
"""What Keras does not have."""
LEFT_OUT = {
    "layer": {
        "lora_rank": "weights that are adapted belong to a trained model that is loaded",
        "lora_alpha": "as lora_rank",
        "quantization_config": "weights are float32 or float64",
        "weights": "weights are read from files",
        "sparse": "values are dense",
        "ragged": "values are dense",
        "batch_shape": "shape and batch_size say it",
        "tensor": "a wire says it",
        "optional": "every input of a network is given",
        "renorm": "one of Keras's rarer forms of batch normalization",
        "renorm_clipping": "as renorm",
        "renorm_momentum": "as renorm",
        "synchronized": "there is one device",
        "unroll": "a step is never compiled into the graph",
        "use_cudnn": "there is no GPU",
        "flash_attention": "there is no GPU",
        "sliding_window": "every step is seen, or those before",
        "use_gate": "one of Keras's rarer forms of attention",
    },
    "loss": {
        "reduction": "the mean over the batch",
        "axis": "classes are on the last axis",
        "ignore_class": "samples are left out by their weight",
    },
    "optimizer": {
        "loss_scale_factor": "there is no float16",
        "gradient_accumulation_steps": "a batch may be as large as the memory",
    },
    "metric": {
        "summation_method": "areas are exact, or interpolated as by default",
        "thresholds": "thresholds lie evenly",
        "multi_label": "every column is a label",
        "num_labels": "as multi_label",
        "label_weights": "labels count the same",
        "from_logits": "metrics see what the network gives on",
        "num_thresholds": "the area is exact",
        "curve": "each curve has a metric of its own",
        "class_aggregation": "the mean over outputs",
        "num_regressors": "the plain coefficient",
        "axis": "values are on the last axis",
    },
    "initializer": {"input_axes": "fans are those of the layer", "output_axes": "fans are those of the layer"},
    "schedule": {
        "initial_learning_rate": "the optimizer says it",
        "verbose": "the window shows it",
        "mode": "it follows from what is watched",
    },
    "activation": {
        "x": "what comes in",
        "negative_slope": "LeakyReLU and ReLU have it",
        "max_value": "ReLU has it",
        "threshold": "ReLU has it",
        "alpha": "ELU has it",
        "axis": "Softmax has it",
        "approximate": "gelu is exact",
    },
}
"""Arguments of Keras's that nothing of a kind takes here, and why."""
ONLY = {
    "MultiHeadAttention": {"activity_regularizer"},
    "Lambda": {"output_shape", "mask", "arguments"},
    "ConvLSTM1D": {"stateful"},
    "ConvLSTM2D": {"stateful"},
}
"""Arguments that one layer leaves out: Keras hands it to layers inside; the expression says them; states begin at 0."""
FURTHER = {
    "Attention": {"use_causal_mask", "return_attention_scores"},
    "AdditiveAttention": {"use_causal_mask", "return_attention_scores"},
    "MultiHeadAttention": {"use_causal_mask", "return_attention_scores"},
    "roc_auc": {"average", "class_id"},
}
"""Parameters that Keras takes where the layer is called, or not at all."""
OTHER_DEFAULTS = {("f1_score", "average"), ("fbeta_score", "average")}
"""Keras gives one figure a class, we give their mean."""
MEANING = {
    ("data_format", None): "channels_last",
    ("activation", None): "linear",
    ("embeddings_initializer", "uniform"): "random_uniform",
    ("alpha_initializer", "Zeros"): "zeros",
}
"""Defaults that Keras spells in another way."""


def test_every_declaration_is_held_against_keras() -> None:
    """After a new declaration: python -m tests.reference.make_signatures."""
    assert [cls.key for kind, cls in CASES if cls.key not in KERAS[kind]] == []
    alone = {kind: {key for key, said in KERAS[kind].items() if said is None} for kind in KINDS}
    assert {kind: keys for kind, keys in alone.items() if keys} == OURS_ALONE


@pytest.mark.parametrize(("kind", "cls"), CASES, ids=lambda one: one if isinstance(one, str) else one.key)
def test_names_and_defaults_are_those_of_keras(kind: str, cls: type[Declared]) -> None:
    theirs: dict[str, Any] | None = KERAS[kind].get(cls.key)
    if theirs is None:
        return
    unknown = {*theirs} - {*cls.parameters} - {*LEFT_OUT.get(kind, ())} - ONLY.get(cls.key, set())
    assert unknown == set(), "declare these, or say why not"
    common = set(Layer.parameters) if kind == "layer" else set()
    if kind != "activation":
        assert {*cls.parameters} - {*theirs} - common == FURTHER.get(cls.key, set())
    for name, default in theirs.items():
        field = cls.parameters.get(name)
        if field is None or default == REQUIRED or (cls.key, name) in OTHER_DEFAULTS:
            continue
        spelled = MEANING.get((name, default), default) if not isinstance(default, list) else default
        assert field.parse(spelled) == field.default, name
