"""Road distances between very many places: in parts, in bounded memory, on one machine or on a cluster."""
