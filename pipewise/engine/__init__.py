"""What wakes a lane: one small protocol and its implementations."""
