"""What may be chosen of an ONNX file."""

from __future__ import annotations

from graph.declare import Declared
from graph.fields import Bool, Int


class OnnxOptions(Declared):
    """How an ONNX file is written."""

    opset: int = Int(default=17, min=17, max=26, doc="The version of the operators; older programs read older ones.")
    standardize: bool = Bool(
        default=False, doc="Whether the file takes raw samples, and prepares them as those of training were."
    )
    class_names: bool = Bool(
        default=False, doc="Whether the file also gives the name of the class that each sample is taken for."
    )
