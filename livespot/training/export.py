"""The trained network as a file that OpenCV reads, and beside it where it comes from."""

from __future__ import annotations

import hashlib
import json
import platform
import warnings
from importlib import metadata
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

OPSET = 13
VERSIONS = ["torch", "onnx", "numpy", "numba", "opencv-contrib-python", "scikit-image"]


def write_onnx(
    net: torch.nn.Module, inputs: tuple[Tensor, ...], file: Path, names: list[str], outputs: list[str], *,
    resizable: bool = False,
) -> None:  # fmt: skip
    """Write a network as ONNX. inputs: of the size it is to take; resizable: of any height and width."""
    axes = {name: {2: "h", 3: "w"} for name in names + outputs} if resizable else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter that needs no further package is called old
        torch.onnx.export(
            net, inputs, str(file), input_names=names, output_names=outputs, dynamic_axes=axes, opset_version=OPSET,
            dynamo=False,
        )  # fmt: skip


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def provenance(weights: Path, **more: Any) -> None:
    """Write weights.json beside the weights: their hash, versions, and what is given (seeds, crops, scores)."""
    versions = {"python": platform.python_version()}
    versions |= {name: metadata.version(name) for name in VERSIONS}
    told = {"weights": weights.name, "sha256": sha256(weights), "bytes": weights.stat().st_size, "versions": versions}
    weights.with_suffix(".json").write_text(json.dumps(told | more, indent=1) + "\n")
