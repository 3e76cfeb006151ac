"""What the sentences of the scenarios do, a module for each part of a station's work."""
