"""HTTP: webhooks, the management API and graph runs."""
