"""Where samples come from: shipped sets, generated sets, and files.

A declaration holds only what is needed to find or make the samples; the engine reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from graph.declare import Declared, Registry, register
from graph.fields import Float, Int, Text
from graph.losses import TargetKind
from graph.shapes import Shape

Role = Literal["feature", "target", "weight", "ignore"]
ColumnKind = Literal["number", "category"]
Missing = Literal["refuse", "fill"]


@dataclass(frozen=True, slots=True)
class Column:
    """What is done with one column of a table.

    A weight column says how much each sample counts. A number column is standardized where the recipe says so; a
    category column becomes one column a category. `missing` says how empty cells are filled: refused, the training mean
    (numbers) or a category of its own.
    """

    name: str
    role: Role = "feature"
    kind: ColumnKind = "number"
    missing: Missing = "refuse"


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """What is known of one target: its kind, its shape with the batch, and its classes, if it has any."""

    kind: TargetKind
    shape: Shape
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DataFacts:
    """What a loaded data set says of itself: enough to check a network against it without the samples."""

    samples: int
    inputs: dict[str, Shape]
    targets: dict[str, TargetFacts]
    vocabulary: int | None = None
    """Largest whole number in the inputs plus one, where all inputs are whole numbers."""


class Dataset(Declared):
    """A place samples come from."""

    title: ClassVar[str] = ""
    task: ClassVar[Literal["classification", "regression", ""]] = ""
    credit: ClassVar[str] = ""


datasets: Registry[Dataset] = Registry("data set")


@register(datasets, "digits")
class Digits(Dataset):
    """1,797 handwritten digits, 8×8 grey values each."""

    title = "Handwritten digits"
    task = "classification"
    credit = "E. Alpaydin, C. Kaynak (1998), UCI Machine Learning Repository, CC BY 4.0"


@register(datasets, "iris")
class Iris(Dataset):
    """150 flowers of three species, four measures each."""

    title = "Iris flowers"
    task = "classification"
    credit = "R. A. Fisher (1936), UCI Machine Learning Repository, CC BY 4.0"


@register(datasets, "wine")
class Wine(Dataset):
    """178 wines of three growers, thirteen measures each."""

    title = "Wines"
    task = "classification"
    credit = "S. Aeberhard, M. Forina (1991), UCI Machine Learning Repository, CC BY 4.0"


@register(datasets, "breast_cancer")
class BreastCancer(Dataset):
    """569 cell samples, benign or malignant, thirty measures each."""

    title = "Breast cancer"
    task = "classification"
    credit = "W. Wolberg et al. (1995), UCI Machine Learning Repository, CC BY 4.0"


@register(datasets, "diabetes")
class Diabetes(Dataset):
    """442 patients, ten measures each, and the progress of their disease after a year."""

    title = "Diabetes progress"
    task = "regression"
    credit = "B. Efron, T. Hastie, I. Johnstone, R. Tibshirani, Annals of Statistics 2004"


class Generated(Dataset):
    """Points made by a formula and a seed."""

    samples: int = Int(default=1000, min=10, max=1_000_000, show="value", doc="How many points are made.")
    noise: float = Float(default=0.1, min=0.0, max=10.0, doc="Standard deviation of what is added to each point.")
    seed: int = Int(default=0, min=0, max=2**32 - 1, doc="The same seed makes the same points.")


@register(datasets, "spirals")
class Spirals(Generated):
    """Two spirals wound into each other."""

    title = "Two spirals"
    task = "classification"
    turns: float = Float(default=1.5, min=0.25, max=5.0, doc="How often each spiral goes round.")


@register(datasets, "moons")
class Moons(Generated):
    """Two half moons that reach into each other."""

    title = "Moons"
    task = "classification"


@register(datasets, "circles")
class Circles(Generated):
    """A circle within a circle."""

    title = "Circles"
    task = "classification"
    factor: float = Float(default=0.5, above=0.0, below=1.0, doc="Radius of the inner circle, the outer being 1.")


@register(datasets, "xor")
class Xor(Generated):
    """Four quarters of a square, opposite ones alike."""

    title = "XOR"
    task = "classification"


@register(datasets, "curve")
class Curve(Generated):
    """A noisy curve over one variable: y = sin(3 x) + x / 2."""

    title = "Regression curve"
    task = "regression"


@register(datasets, "plane")
class Plane(Generated):
    """A noisy surface over two variables: y = sin(2 a) cos(b)."""

    title = "Regression surface"
    task = "regression"


@register(datasets, "reviews")
class Reviews(Dataset):
    """Short made-up reviews as rows of word numbers, and whether they praise."""

    title = "Short reviews"
    task = "classification"
    samples: int = Int(default=2000, min=10, max=100_000, show="value", doc="How many reviews are made.")
    length: int = Int(default=12, min=4, max=200, doc="Words in a row; shorter reviews end in zeros.")
    seed: int = Int(default=0, min=0, max=2**32 - 1, doc="The same seed makes the same reviews.")


@register(datasets, "csv")
class CsvFile(Dataset):
    """A table in a CSV file, one sample a row."""

    title = "CSV file"
    path: str = Text(default="", doc="The file; a relative path starts at the project file.", show="value")


@register(datasets, "npz")
class NpzFile(Dataset):
    """Arrays in an NPZ file, named after the inputs and outputs (x and y where there is one of each)."""

    title = "NPZ file"
    path: str = Text(default="", doc="The file; a relative path starts at the project file.", show="value")
