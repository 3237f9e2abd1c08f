"""livespot in a camera loop of one's own: `python own_loop.py [SOURCE [SECONDS]]`; the demo when left out.

SOURCE may be 0 for the first camera. With pictures of your own, call `spotter(image, time)` and nothing else.
"""

import sys

import livespot

if __name__ == "__main__":
    source, seconds = [*sys.argv[1:], "demo", "5"][:2] if len(sys.argv) < 3 else sys.argv[1:3]
    with livespot.open_source(source, seconds=float(seconds)) as frames, livespot.Spotter() as spotter:
        shown = None
        for frame in frames:
            result = spotter(frame.image, frame.time)
            said = f"{len(result.differences)} differences" if result else result.reason
            if said != shown:
                print(f"{frame.time:6.2f} s  {said}")
                shown = said
