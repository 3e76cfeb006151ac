# Empty on purpose: whoever imports the ledger must not load Flask with it.
