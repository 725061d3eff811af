"""Finding records by what they hold."""
