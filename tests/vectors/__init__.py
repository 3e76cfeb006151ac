"""Golden vectors of the format, and the script that makes them."""
