"""How much is measured: a run to believe, and one that shows that everything works."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """`seconds` of load a scenario; `rounds` of what is repeated. Everything else counts turns, leads or events."""

    name: str
    seconds: float
    rounds: int
    arrivals: int  # at most, of one rate of the open loop
    growth_turns: tuple[int, ...]
    growth_window: int  # turns measured at each of them
    stored_leads: tuple[int, ...]
    stored_turns: int
    kept_leads: int
    kept_turns: int  # of each lead, in each of two equal parts
    plan_leads: int
    kill_events: int
    kills: int

    def sentence(self) -> str:
        return (
            f"{self.name} run: {self.rounds} round{'s' if self.rounds > 1 else ''} of {self.seconds:g} s a scenario, "
            f"one lead's turns up to {max(self.growth_turns):,}, up to {max(self.stored_leads):,} leads stored, "
            f"{self.kill_events:,} events and {self.kills} kills{'; too short to believe' if self.name == 'quick' else ''}"
        )


FULL = Sizes(
    name="full",
    seconds=5,
    rounds=3,
    arrivals=120,
    growth_turns=(10, 100, 200, 1000),
    growth_window=20,
    stored_leads=(100, 100_000, 1_000_000),
    stored_turns=60,
    kept_leads=10,
    kept_turns=15,
    plan_leads=20,
    kill_events=300,
    kills=8,
)
QUICK = Sizes(
    name="quick",
    seconds=2,
    rounds=1,
    arrivals=30,
    growth_turns=(10, 30),
    growth_window=6,
    stored_leads=(100, 10_000),
    stored_turns=12,
    kept_leads=4,
    kept_turns=10,
    plan_leads=4,
    kill_events=30,
    kills=2,
)
