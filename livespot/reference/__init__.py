"""Puzzles with known differences on paper, and what they are good for: measuring a camera with them.

`livespot puzzle` makes a page (planting, healing, printing, key); `livespot selfcheck` recognises it by its mark and
measures the camera (recognition, measuring, selfcheck). It stands under livespot, not in the package calibration,
because it needs the demo's scenes and the spotter, and calibration imports nothing of livespot.
"""
