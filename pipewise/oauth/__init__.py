"""Connecting accounts by their owner's consent, and keeping their tokens alive."""
