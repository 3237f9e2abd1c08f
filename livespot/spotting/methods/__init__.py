"""The orders in which the rooms are walked: the published pipeline and livespot's own."""
