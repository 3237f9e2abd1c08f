"""A virtual screen, a window on it, a person at the window, and eyes that read the pixels."""
