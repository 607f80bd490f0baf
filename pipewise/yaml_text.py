"""A part of the settings written as YAML: plain mappings, lists and scalars, read as JSON would be."""

import re
from typing import Any, ClassVar

import yaml  # type: ignore[import-untyped]

LARGEST = 50_000
# What a bare scalar can be beside a text, with the characters it may begin with.
_SCALARS = (
    ("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ("~", "n", "")),
    ("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ("t", "f")),
    ("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]{0,17})$"), tuple("-0123456789")),
    ("tag:yaml.org,2002:float", re.compile(r"^-?[0-9]+\.[0-9]+$"), tuple("-0123456789")),
)


class _PlainLoader(yaml.SafeLoader):  # type: ignore[misc]
    """No aliases, which can make a small text huge; no dates, no `yes` for true, no key twice."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {
        first: [(tag, pattern) for tag, pattern, firsts in _SCALARS if first in firsts]
        for first in ("", *"~ntf-0123456789")
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.composer.ComposerError(None, None, "an alias cannot be used here", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  the library's signature
        names = [key.value for key, _ in node.value]
        for place, (key, _) in enumerate(node.value):
            if not isinstance(key, yaml.ScalarNode) or key.value in names[:place]:
                raise yaml.constructor.ConstructorError(
                    None, None, "a key must be a text and be there once", key.start_mark
                )
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping


def read_yaml(text: str) -> Any:
    """What the text says. Raises ValueError with the line of what is wrong."""
    if len(text) > LARGEST:
        raise ValueError(f"may have {LARGEST} characters")
    try:
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506  a subclass of the safe loader
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise ValueError(f"{line}{error.problem or 'is no YAML'}") from None
    except (yaml.YAMLError, RecursionError):
        raise ValueError("is no YAML that can be read") from None
