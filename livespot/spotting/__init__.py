"""A frame in, a spotting out: no files, no windows, no clocks, no global state."""
