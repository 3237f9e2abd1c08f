"""Fitting what the vision uses: what `drawn` draws and films teaches `eye` and `panels`. Nothing live imports it."""
