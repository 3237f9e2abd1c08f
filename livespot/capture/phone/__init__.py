"""A phone as the camera, in its browser: one page on the local network, its pictures as frames."""
