"""What people see and keep: window, overlay, inspector, recorder, events."""
