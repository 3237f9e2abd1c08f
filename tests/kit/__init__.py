"""The test kit: sources and servers that misbehave on command, for every room's tests.

`kit.sources.Misbehaving` is a source that plays a script: "frame", "raise", "none", "block", "repeat", "zeros", ...
`kit.network.mjpeg.MjpegServer` is a network camera on loopback that streams, stalls, drops and refuses.
"""
