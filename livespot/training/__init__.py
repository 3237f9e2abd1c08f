"""Fitting what the vision uses: puzzles drawn in `drawn`, networks learn in `eye` and `panels`. Nothing live imports it."""
