"""The learned eye in training: the network, how it is fitted, scored and written for the vision to read."""
