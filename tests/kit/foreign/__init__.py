"""A second idea of how a page is printed and filmed: nothing of the product may be fitted to it."""
