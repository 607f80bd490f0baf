"""Commands about users, tokens, master keys and the audit."""

from typing import TYPE_CHECKING

from pipewise.cli.output import FINE, NOT_HELD, Arguments, note, show
from pipewise.cli.passwords import read_password
from pipewise.cli.resources import with_resources

if TYPE_CHECKING:
    from pipewise.resources import Resources

# Commands import what they need when they run: `pipewise --version` loads neither LangGraph nor the database.
# ruff: noqa: PLC0415


def add_user(arguments: Arguments) -> int:
    from pipewise import administration
    from pipewise.storage.accounts import Role

    role, password = Role(arguments.role), read_password(arguments.email) if arguments.password else None
    user, token = with_resources(
        lambda r: administration.add_user(r, arguments.email, role, arguments.account, password=password)
    )
    note(f"Added {user.email} as {user.role} of account {user.account_id}. The token, shown once:")
    return show([token])


def set_password(arguments: Arguments) -> int:
    from pipewise import administration

    password = read_password(arguments.email)
    ended = with_resources(lambda r: administration.set_password(r, arguments.email, password))
    return show([f"The password of {arguments.email} is set; {ended} sessions ended."])


def list_users(_arguments: Arguments) -> int:
    from pipewise import administration

    return show(with_resources(administration.list_users))


def create_token(arguments: Arguments) -> int:
    from pipewise import administration

    token = with_resources(
        lambda r: administration.create_token(
            r, arguments.user, arguments.name, scope=arguments.scope, days=arguments.expires_days
        )
    )
    note(f"A token of {arguments.user}, shown once:")
    return show([token])


def list_tokens(_arguments: Arguments) -> int:
    from pipewise import administration

    return show(with_resources(administration.list_tokens))


def revoke_token(arguments: Arguments) -> int:
    from pipewise import administration

    with_resources(lambda r: administration.revoke_token(r, arguments.id))
    return show([f"Token {arguments.id} is revoked."])


def rotate_keys(_arguments: Arguments) -> int:
    from graph.checkpoints import open_checkpoints
    from graph.key_rotation import SealedCheckpoints
    from pipewise.administration import note_rotation
    from pipewise.key_rotation import Rotation
    from pipewise.key_rotation import rotate_keys as reseal

    async def work(resources: "Resources") -> Rotation:
        async with open_checkpoints(resources.settings, resources.vault) as checkpoints:
            done = await reseal(resources.database, resources.vault, [SealedCheckpoints(checkpoints.rows)])
        await note_rotation(resources, sum(done.resealed.values()))
        return done

    rotation = with_resources(work)
    for column, count in rotation.resealed.items():
        print(f"{column}: {count} sealed anew, {rotation.current[column]} already under the newest key")
    for line in rotation.unreadable:
        note(f"does not open: {line}")
    return FINE if rotation.complete else NOT_HELD


def verify_audit(_arguments: Arguments) -> int:
    from pipewise import administration

    verdicts = with_resources(administration.verify_audit)
    for verdict in verdicts:
        print(f"account {verdict.account_id}: {verdict.entries} entries, {'sound' if verdict.ok else 'not sound'}")
        for problem in verdict.problems:
            print(f"  {problem.text}")
    return FINE if all(verdict.ok for verdict in verdicts) else NOT_HELD
