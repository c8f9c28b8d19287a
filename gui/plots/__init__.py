"""Plots that look like the window: curves, bars, matrices and scatter plots."""
