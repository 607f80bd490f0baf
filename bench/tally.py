"""Answers counted at the vendor against what the leads wrote: doubled, lost, wrong."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

Marks = Sequence[str]


@dataclass(frozen=True)
class Tally:
    """`doubled`: answers beyond the one that a lead was owed. `lost`: messages that no answer names. `wrong`: leads whose
    last answer is not to their newest message. `parked`: messages that wait for a person, who was told; not lost."""

    messages: int
    doubled: int
    lost: int
    wrong: int
    parked: int = 0


def count_answers(
    written: Mapping[str, Marks], sends: Iterable[tuple[str, Marks]], parked: Collection[str] = ()
) -> Tally:
    """`written`: marks by lead, by the time at which they were written. `sends`: recipient and the marks an answer names."""
    answers: defaultdict[str, list[Marks]] = defaultdict(list)
    for recipient, marks in sends:
        answers[recipient].append(marks)
    doubled = lost = wrong = held = 0
    for lead, marks in written.items():
        named = {mark for answer in answers[lead] for mark in answer}
        missing = sum(mark not in named for mark in marks)
        if missing and lead in parked:
            held += missing
        else:
            lost += missing
        doubled += max(0, len(answers[lead]) - 1)
        wrong += bool(answers[lead]) and list(answers[lead][-1][-1:]) != list(marks[-1:])
    return Tally(sum(map(len, written.values())), doubled, lost, wrong, held)
