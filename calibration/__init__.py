"""Know your camera: a target to print, a guided measurement of the lens, a profile that a program can load.

Usable by itself: `python -m calibration`. It imports nothing of livespot; livespot imports it. The rooms' order:
sheet (paper) < board (the target) < coverage, lens (the mathematics) < profile (the result) < guide, pictures, session.
"""
