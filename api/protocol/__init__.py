"""The LangGraph server protocol, as the official clients speak it."""
