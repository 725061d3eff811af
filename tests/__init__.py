"""Tests, mirroring the rooms of inspector."""
