"""The network behind the panel map: the views it learns from, its layers, its training."""
