"""Other communities: what one ledger tells another, how it is verified, and what follows from it."""
