"""What the bank does: one use case is one function is one transaction."""
