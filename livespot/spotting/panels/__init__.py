"""Where the two pictures are on the page, and their shape."""
