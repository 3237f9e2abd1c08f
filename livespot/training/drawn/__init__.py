"""Puzzles drawn with exact truth: sprites, scenes, pages, what a camera makes of them, samples and their pool."""
