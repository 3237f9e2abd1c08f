"""Puzzles drawn with exact truth: sprites, scenes, pages, what a camera does to them, samples and their pool."""
