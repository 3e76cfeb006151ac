"""The gate, both ways: what comes in becomes a use case's argument, what is declined becomes a sentence."""
