"""Vendors: one folder each, found through `pipewise.platforms.registry`."""
