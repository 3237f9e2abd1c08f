"""Network cameras for the tests, on loopback: HTTP MJPEG, RTSP, a phone in its browser."""
