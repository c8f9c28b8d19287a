"""Weights of other programs for a network that is there: found by name and shape, laid out, corrected in a table."""
