"""What keys, clicks and drags do: each handler a short function of the window's state and what happened."""
