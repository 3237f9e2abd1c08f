"""What holds over time: the page's pose, its evidence, the identities of its differences."""
