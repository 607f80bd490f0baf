"""What the model may call: thin, typed, documented for the model."""
