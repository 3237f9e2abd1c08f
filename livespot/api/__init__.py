"""The public front door: arrays in, dataclasses out. What `livespot` exports (livespot/__init__.py) lives here.

Nothing below imports this room; it imports the rooms below it.
"""
