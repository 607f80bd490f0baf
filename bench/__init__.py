"""What an event costs: PipeWise beside two baselines on the same graph, as ratios taken in one run. `python -m bench`."""
