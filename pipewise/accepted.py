"""What became of a delivery."""

from dataclasses import dataclass, field


@dataclass
class Accepted:
    """What became of a delivery, item by item, and which leads have work now."""

    accepted: int = 0
    duplicates: int = 0
    ignored: int = 0
    rejected: int = 0
    leads: list[str] = field(default_factory=list)
    lead_id: str | None = None
    created_lead: bool = False

    def add(self, other: "Accepted") -> None:
        """Count what became of one more item."""
        self.accepted += other.accepted
        self.duplicates += other.duplicates
        self.ignored += other.ignored
        self.rejected += other.rejected
        self.leads += other.leads
        self.lead_id = other.lead_id or self.lead_id
        self.created_lead = self.created_lead or other.created_lead

    def counts(self) -> dict[str, int]:
        return {
            "accepted": self.accepted,
            "duplicates": self.duplicates,
            "ignored": self.ignored,
            "rejected": self.rejected,
        }
