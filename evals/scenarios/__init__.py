"""Simulated leads who talk to the whole product, over the vendor sandbox, and are judged by what came of it."""
