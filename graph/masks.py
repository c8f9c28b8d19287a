"""Masks: which steps of a sequence are there, and which are only padding that nobody should read.

A mask travels with an output, one yes or no for every place of its first axes: (batch, steps) for a sequence. What a
layer does with those of its inputs is declared by it, with Keras's rules:
https://keras.io/guides/understanding_masking_and_padding/
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Gives = Literal["nothing", "the first", "its own", "joined by all", "joined by any"]


@dataclass(frozen=True, slots=True)
class MaskRule:
    """What a layer does with masks.

    `gives` is the mask of its first output: none, that of its first input, one it makes of the values, or one it joins
    where all, or any, of its inputs have one. `reads`: its values follow from the masks of its inputs; `by_step`: it
    reads and gives on which steps are there, not which places within them.
    """

    gives: Gives = "nothing"
    reads: bool = False
    by_step: bool = False

    def marks(self, masked: Sequence[bool]) -> bool:
        """Whether the first output has a mask, `masked` saying which of the inputs have one."""
        match self.gives:
            case "nothing":
                return False
            case "the first":
                return masked[0]
            case "its own":
                return True
            case "joined by all":
                return all(masked)
            case "joined by any":
                return any(masked)

    def drops(self, masked: Sequence[bool]) -> bool:
        """Whether a mask comes in that is neither read nor given on."""
        return any(masked) and not self.reads and not self.marks(masked)


STOPS = MaskRule()
"""No mask is given on: the layers behind see every step."""
READS = MaskRule(reads=True)
"""Masked steps do not count, and the output is no sequence any more."""
PASSES = MaskRule("the first")
"""Every step is worked on by itself, so the mask of the input is that of the output."""
PASSES_AND_READS = MaskRule("the first", reads=True)
"""The mask of the input is that of the output, and masked steps are worked on differently."""
READS_STEPS = MaskRule(reads=True, by_step=True)
"""Masked steps change nothing, and the output is no sequence any more."""
PASSES_AND_READS_STEPS = MaskRule("the first", reads=True, by_step=True)
"""Masked steps change nothing, and are masked in the output."""
MAKES = MaskRule("its own")
"""The values themselves say which steps are padding."""
JOINS = MaskRule("joined by all")
"""Where every input has a mask, a step is there if it is there in any of them."""
JOINS_AND_READS = MaskRule("joined by all", reads=True)
"""As before, and a masked value does not take part where another one does."""
JOINS_ANY = MaskRule("joined by any")
"""One mask is enough; inputs without one have all their steps."""
