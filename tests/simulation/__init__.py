"""A year of one real county, told by a seed through the use cases, beside books that are kept independently."""
