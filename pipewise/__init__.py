"""PipeWise answers every inbound lead in seconds and turns it into a held meeting."""
