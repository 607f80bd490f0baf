"""What a process remembers of its configuration, so that all of it can be forgotten at once."""

from collections.abc import Callable


class ConfigCaches:
    """Whoever remembers something adds how to forget it."""

    def __init__(self) -> None:
        self._forget: list[Callable[[], None]] = []

    def add(self, forget: Callable[[], None]) -> None:
        self._forget.append(forget)

    def forget_all(self) -> None:
        """Something was changed, perhaps by another process."""
        for forget in self._forget:
            forget()
