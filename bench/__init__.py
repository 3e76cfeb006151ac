"""Measures the hot paths."""
