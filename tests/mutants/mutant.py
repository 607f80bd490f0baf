"""What a mutant is: one change to one file that breaks one guarantee, and the tests that have to notice."""

from dataclasses import dataclass
from pathlib import Path


class DoesNotApply(Exception):
    """The code has moved on, and the mutant has to follow it."""


@dataclass(frozen=True)
class Mutant:
    """`guarantee` is the sentence that does not hold any more. `old` stands exactly once in `file`, a path from the root;
    `tests` are node ids of pytest that run in seconds."""

    name: str
    guarantee: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def mutate(self, root: Path) -> str:
        """The file's text with the change. Raises DoesNotApply."""
        path = root / self.file
        if not path.is_file():
            raise DoesNotApply(f"{self.name}: there is no file {self.file}")
        text = path.read_text()
        found = text.count(self.old)
        if found != 1:
            raise DoesNotApply(f"{self.name}: its text stands {found} times in {self.file}, not once")
        return text.replace(self.old, self.new)
