"""The simulated webcam: drawn puzzles, printed, filmed; the truth for every frame."""
