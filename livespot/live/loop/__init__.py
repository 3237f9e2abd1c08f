"""The loops that take frames from a source through the spotter to the window and the disk."""
