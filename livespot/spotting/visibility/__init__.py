"""What cannot be seen in either panel: glare, a veil of light, what lies over the page."""
