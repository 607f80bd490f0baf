"""Writes `.env.example` from the settings: `python -m pipewise.env_example > .env.example`. A test keeps them equal."""

import sys
import textwrap
from pathlib import Path

from pydantic import AliasChoices
from pydantic.fields import FieldInfo

from pipewise.settings import Settings

HEADER = """\
# Every setting with its default. Copy to .env and uncomment what you change; the environment wins over this file.
# All are optional: with none of them PipeWise runs on embedded SQLite, offline, with generated keys.
"""
WIDTH = 118


def render_env_example() -> str:
    """The whole file. Every line is a comment, so a plain copy changes nothing."""
    return HEADER + "".join(_render(name, field) for name, field in Settings.model_fields.items())


def environment_name(name: str, field: FieldInfo) -> str:
    """The variable that fills a field of the settings."""
    alias = field.validation_alias
    if isinstance(alias, AliasChoices):
        return str(alias.choices[0])
    return f"{Settings.model_config['env_prefix']}{name.upper()}"


def _render(name: str, field: FieldInfo) -> str:
    about = textwrap.fill(field.description or "", WIDTH, initial_indent="# ", subsequent_indent="# ")
    return f"\n{about}\n#{environment_name(name, field)}={_render_value(field.get_default())}\n"


def _render_value(default: object) -> str:
    match default:
        case None | ():
            return ""
        case bool():
            return str(int(default))
        case tuple():
            return ",".join(map(_render_value, default))
        case Path():
            return default.as_posix()
    return str(default)


if __name__ == "__main__":
    sys.stdout.write(render_env_example())
