"""Measuring what the product does against labelled examples."""
