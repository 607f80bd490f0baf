"""One module a scenario: `run(bed)` measures and writes into the results."""
