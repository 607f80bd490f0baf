"""What grew, a turn."""

from collections import Counter

from bench.file_sizes import per_turn


def test_growth_is_divided_by_turns_and_the_largest_comes_first() -> None:
    before, after = Counter({"runs": 100, "leads": 50}), Counter({"runs": 300, "leads": 50, "journal": 1000})
    assert per_turn(before, after, 10) == {"journal": 100.0, "runs": 20.0}
    assert list(per_turn(before, after, 10)) == ["journal", "runs"]
