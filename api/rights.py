"""Who may do what: the one table of roles and actions."""

from collections.abc import Mapping
from enum import StrEnum

from pipewise.storage.accounts import Role


class Action(StrEnum):
    """What a request does. A test, a replay or a preview counts as the thing it runs."""

    READ = "read"  # look at anything that holds no secret
    ACT = "act"  # act on leads, conversations, meetings and events
    MANAGE = "manage"  # integrations, users, tokens, settings


RIGHTS: Mapping[Role, frozenset[Action]] = {
    Role.VIEWER: frozenset({Action.READ}),
    Role.OPERATOR: frozenset({Action.READ, Action.ACT}),
    Role.ADMIN: frozenset({Action.READ, Action.ACT, Action.MANAGE}),
}


def may(role: Role, action: Action) -> bool:
    return action in RIGHTS[role]
