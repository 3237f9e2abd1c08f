"""Fitting what the vision uses: puzzles are drawn in `drawn`, the network learns in `eye`. Nothing live imports it."""
