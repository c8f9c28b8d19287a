"""Weights of another program for the open network."""
