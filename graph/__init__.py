"""Topology: what runs after what."""
