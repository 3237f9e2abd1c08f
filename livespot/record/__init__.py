"""What a session leaves on the disk: recordings, snapshots, the event log."""
