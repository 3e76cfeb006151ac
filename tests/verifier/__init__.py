"""Tests of the independent verifier."""
