"""livespot: the differences between two printed pictures, boxed live."""

from livespot import startup as startup

__version__ = "0.1.0"
