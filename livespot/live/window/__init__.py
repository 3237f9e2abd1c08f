"""The window: canvas, status bar, help, the display it opens on."""
