"""The document: one immutable value that holds the network, where its cards stand, the recipes and the notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.network import Network
from graph.recipe import DataRecipe, TrainingRecipe

Position = tuple[float, float]


@dataclass(frozen=True)
class Project:
    """What a `.netloom` file holds. Data, weights and histories are never in it; it refers to them."""

    network: Network = field(default_factory=Network)
    positions: Mapping[str, Position] = field(default_factory=dict)
    data: DataRecipe = field(default_factory=DataRecipe)
    training: TrainingRecipe = field(default_factory=TrainingRecipe)
    notes: str = ""
