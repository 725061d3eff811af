"""Tests of the room that compares: versions, differences, blame, activity."""
