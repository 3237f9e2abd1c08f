"""What each step saw, as one page to look at: `livespot photo --explain DIR`, and E on a frozen frame.

words     measures and verdicts in plain words
pictures  the steps as pictures
chart     the histogram of the difference map
page      all of it as one HTML page with its pictures beside it
"""
