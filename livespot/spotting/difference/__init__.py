"""From two aligned panels to candidates: the difference map, its noise, the regions that stand out."""
