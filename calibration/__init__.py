"""Know your camera: a target to print, a guided measurement of the lens, a profile that a program can load.

Usable by itself: `python -m livespot.calibration`. It is installed under that name (livespot/calibration is a link), as
`calibration` may be another distribution's. It imports nothing of livespot, so it says `from .`. The rooms' order:
sheet (paper) < board (the target) < coverage, lens (the mathematics) < profile (the result) < guide, pictures, session.
"""
