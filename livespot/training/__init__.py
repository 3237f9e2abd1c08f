"""Fitting what the vision uses: what is drawn in `drawn` teaches `eye` and `panels`. Nothing live imports it."""
