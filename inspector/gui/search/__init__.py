"""Finding records to go to."""
