"""The suites: unit (no I/O), integration (real databases, loopback), contract (every platform), packaging, browser."""
