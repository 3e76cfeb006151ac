"""The independent verifier: checks a ledger from its published bytes alone and imports nothing of timebank."""
