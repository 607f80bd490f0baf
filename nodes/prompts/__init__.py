"""Prompts, one per Markdown file, read once when the graph is built."""

from importlib.resources import files


def load_prompt(name: str) -> str:
    return files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8").strip()
