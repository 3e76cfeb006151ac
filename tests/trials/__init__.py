"""Promises put to the test: each prints what it found."""
