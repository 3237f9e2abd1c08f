"""Both panels brought under one light."""
