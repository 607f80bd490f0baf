"""Runs the scenarios, several leads at a time in one town, and counts what held."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from evals.scenarios.judge import Verdict, judge, strays
from evals.scenarios.lead import SimulatedLead
from evals.scenarios.script import Scenario, Trouble, build_scenarios
from evals.scenarios.town import Town, open_town
from pipewise.evaluation.report import Limit, SuiteReport, columns

Json = dict[str, Any]

AT_ONCE = 8
LEAST_PASSED = 0.9
IN_A_TOWN = 24  # Calendly takes a hundred bookings a day and fifty an hour of one host


async def run_scenarios(scenarios: Sequence[Scenario], *, trials: int, model: str = "offline") -> list[Verdict]:
    """Each scenario `trials` times. Leads with the same trouble share a town."""
    wanted = [replace(scenario, trial=trial) for trial in range(trials) for scenario in scenarios]
    verdicts: list[Verdict] = []
    for trouble in Trouble:
        mine = [scenario for scenario in wanted if scenario.trouble is trouble]
        for start in range(0, len(mine), IN_A_TOWN):
            verdicts += await _run_town(mine[start : start + IN_A_TOWN], trouble, model)
    return sorted(verdicts, key=lambda verdict: (verdict.scenario.number, verdict.scenario.trial))


async def _run_town(scenarios: Sequence[Scenario], trouble: Trouble, model: str) -> list[Verdict]:
    async with open_town(model) as town:
        await make_trouble(town, trouble)
        room = asyncio.Semaphore(AT_ONCE)

        async def run(scenario: Scenario) -> Verdict:
            async with room:
                lead = SimulatedLead(town, scenario)
                await lead.live()
                return await judge(town, scenario, lead)

        verdicts = await asyncio.gather(*(run(scenario) for scenario in scenarios))
        astray = tuple(strays(await town.sends(), {scenario.phone for scenario in scenarios}))
        return [replace(verdicts[0], broken=(*verdicts[0].broken, *astray)), *verdicts[1:]]


async def make_trouble(town: Town, trouble: Trouble) -> None:
    match trouble:
        case Trouble.DUPLICATES:
            await town.break_vendor("whatsapp", "duplicate_delivery", copies=3)
        case Trouble.SLOT_TAKEN:
            await town.break_vendor("calendly", "already_filled", times=4)
        case Trouble.SLOW_CALENDAR:
            await town.break_vendor("calendly", "slow", seconds=1.0)
        case Trouble.NO_CALENDAR:
            await town.break_vendor("calendly", "http_503")
        case Trouble.SEND_REFUSED:
            await town.break_vendor("whatsapp", "http_429", route="/messages", times=4)


def report(verdicts: Sequence[Verdict]) -> SuiteReport:
    """`pass_1` is the share of conversations that held, `pass_all` that of scenarios that held in every trial."""
    by_scenario: dict[int, list[Verdict]] = {}
    for verdict in verdicts:
        by_scenario.setdefault(verdict.scenario.number, []).append(verdict)
    trials = max(map(len, by_scenario.values()), default=0)
    pass_1 = sum(verdict.passed for verdict in verdicts) / max(1, len(verdicts))
    pass_all = sum(all(one.passed for one in group) for group in by_scenario.values()) / max(1, len(by_scenario))
    violations = sum(len(verdict.broken) for verdict in verdicts)
    lines = [
        f"scenarios, {len(by_scenario)} of them, {trials} trials each",
        f"pass^1 {pass_1:.3f}, pass^{trials} {pass_all:.3f}, policy violations {violations}",
        "",
        *_by(verdicts, "goal", lambda scenario: str(scenario.goal)),
        "",
        *_by(verdicts, "language", lambda scenario: scenario.language),
        "",
        *_by(verdicts, "trouble", lambda scenario: str(scenario.trouble)),
    ]
    figures = {"scenarios": len(by_scenario), "trials": trials, "pass_1": pass_1, "pass_all": pass_all}
    limits = (
        Limit(f"pass^{trials}", pass_all, LEAST_PASSED),
        Limit("policy violations", violations, 0, most=True),
    )
    return SuiteReport("scenarios", tuple(lines), {**figures, "violations": violations}, limits)


def _by(verdicts: Sequence[Verdict], name: str, key: Callable[[Scenario], str]) -> list[str]:
    runs = Counter(key(one.scenario) for one in verdicts)
    held = Counter(key(one.scenario) for one in verdicts if one.passed)
    return columns(
        [(name, "runs", "held"), *((value, str(count), f"{held[value] / count:.3f}") for value, count in runs.items())]
    )


def write_failures(verdicts: Sequence[Verdict], path: Path) -> None:
    """One line of JSON for each conversation that failed, with its transcript and the command that lives it again."""
    with path.open("w", encoding="utf-8") as file:
        for verdict in verdicts:
            if not verdict.passed:
                name, trial = verdict.scenario.name, verdict.scenario.trial
                again = f"pipewise eval --suite scenarios --only {name} --trials {trial + 1}"  # the same seeds
                shown = {"name": name, "trial": trial, "again": again, **_reasons(verdict)}
                lines = [{**asdict(line), "at": line.at.isoformat()} for line in verdict.transcript]
                file.write(json.dumps({**shown, "transcript": lines}, ensure_ascii=False) + "\n")


def _reasons(verdict: Verdict) -> Json:
    return {"missed": verdict.missed, "broken": verdict.broken}


def choose(name: str | None) -> list[Scenario]:
    """All scenarios, or those whose name has this in it."""
    return [scenario for scenario in build_scenarios() if name is None or name in scenario.name]
