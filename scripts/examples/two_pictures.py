"""What differs between two pictures, as arrays: `python two_pictures.py A.png B.png [BOXES.png]`."""

import sys

import cv2

import livespot

if __name__ == "__main__":
    a, b = (cv2.imread(name) for name in sys.argv[1:3])
    result = livespot.find_differences(a, b)
    if not result:
        sys.exit(f"they do not show the same: {result.reason}")
    for found in result.differences:
        (left, top), (right, bottom) = found.a.min(axis=0), found.a.max(axis=0)
        print(f"{found.kind} at {left:.0f}, {top:.0f} to {right:.0f}, {bottom:.0f}: {found.confidence:.0%} sure")
    if len(sys.argv) > 3:
        cv2.imwrite(sys.argv[3], livespot.annotate(a, result, b))
