"""Small parts the window is put together from."""
