"""What a person does at the window, and what comes of it."""
