"""A batch past one machine: find_differences under Dask (pip install distributed), unchanged.

`python cluster.py FOLDER [SCHEDULER]` works on a cluster of two processes on this machine, or on the one whose address
is given; its workers need livespot, and to see the same files.
"""

import sys
from pathlib import Path

import cv2
from dask.distributed import Client, LocalCluster

import livespot

SETTINGS = livespot.Settings(threads=1)  # a worker is one process of several


def look(path: str) -> tuple[str, int, str]:
    """One page, on whichever worker."""
    image = cv2.imread(path)
    if image is None:  # a bad file never ends the batch
        return Path(path).name, 0, "cannot be read"
    result = livespot.find_differences(image, settings=SETTINGS)
    return Path(path).name, len(result.differences), result.reason


if __name__ == "__main__":
    pages = sorted(str(path) for path in Path(sys.argv[1]).glob("*.[jp][pn]g"))
    two = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with Client(sys.argv[2] if len(sys.argv) > 2 else LocalCluster(**two)) as client:
        for name, count, reason in client.gather(client.map(look, pages)):
            print(f"{name}: {count} differences{f' ({reason})' if reason else ''}")
