"""The simulated webcam: printed puzzles the project draws itself, filmed, with the truth for every frame."""
