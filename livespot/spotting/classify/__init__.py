"""Which candidates are differences, and of which kind."""
