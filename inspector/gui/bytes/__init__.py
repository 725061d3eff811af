"""The bytes of a record in hex."""
