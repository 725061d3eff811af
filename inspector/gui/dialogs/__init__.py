"""Questions that never block the event loop."""
