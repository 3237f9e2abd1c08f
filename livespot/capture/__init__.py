"""From what the user named to frames."""
