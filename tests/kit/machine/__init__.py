"""Real V4L2 cameras in the emulated machine of `scripts/camera-machine`.

`boot` runs on this side: it boots the machine, runs one of the programs beside it there and gives what it found out.
`guest`, `loopback`, `usb_camera` are for those programs.
"""
