"""Khorgos Map: what is where, who says so, who disagrees, how far and how large."""
