"""The application and its windows: what connects the features."""
