"""A folder of pages to a table: `python folder_to_csv.py FOLDER > found.csv`."""

import csv
import sys
from pathlib import Path

import cv2

import livespot

if __name__ == "__main__":
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["file", "differences", "reason"])
    for path in sorted(Path(sys.argv[1]).iterdir()):
        image = cv2.imread(str(path))
        if image is not None:
            result = livespot.find_differences(image)
            table.writerow([path.name, len(result.differences) if result else "", result.reason])
