"""Mutation of the event core: each guarantee is broken once, and a test has to notice."""
