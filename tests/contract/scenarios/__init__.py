"""What is recorded from each vendor: one module per platform, each with a table called RECORDINGS."""
