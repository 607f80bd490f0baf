"""What really happened at the vendors: every request and every effect, in order. The truth that tests compare with."""

from typing import Any

from pipewise.clock import Clock

LEDGER_LIMIT = 20_000


class Ledger:
    """An append-only list; the oldest entries fall away beyond `LEDGER_LIMIT` so that a long session stays small."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: list[dict[str, Any]] = []
        self._next_id = 1

    def record(self, vendor: str, kind: str, /, **detail: Any) -> None:
        at = self._clock.now().isoformat()
        self._entries.append({"id": self._next_id, "at": at, "vendor": vendor, "kind": kind, "detail": detail})
        self._next_id += 1
        del self._entries[:-LEDGER_LIMIT]

    def entries(self, *, vendor: str | None = None, kind: str | None = None, after: int = 0) -> list[dict[str, Any]]:
        return [
            entry
            for entry in self._entries
            if entry["id"] > after and vendor in (None, entry["vendor"]) and kind in (None, entry["kind"])
        ]

    def clear(self) -> None:
        self._entries.clear()
