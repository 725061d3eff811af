"""Item models over pages and decoded trees; none of them reads a file or blocks."""
