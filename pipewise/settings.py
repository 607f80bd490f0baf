"""Every setting, read once from the environment or `.env` and passed down."""

import ipaddress
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from pipewise.clock import Clock, ShiftedClock, SystemClock
from pipewise.errors import SettingsError
from pipewise.settings_oauth import OAuthSettings

SAMPLE_VALUES = frozenset({"change-me", "changeme", "sample", "example", "secret", "pw_change-me-change-me-change-me"})
DEFAULT_MODEL = "openai:gpt-5-mini"


class Environment(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"
    TEST = "test"


def _named(name: str, description: str, **more: Any) -> Any:
    """A field whose environment variable carries no PIPEWISE_ prefix."""
    return Field(validation_alias=AliasChoices(name), description=description, **more)


class Settings(OAuthSettings):
    """Names are the environment's, prefix PIPEWISE_ unless the field says otherwise. Construct through `load_settings`."""

    model_config = SettingsConfigDict(
        env_prefix="PIPEWISE_", env_file=".env", extra="ignore", hide_input_in_errors=True, populate_by_name=True
    )

    data_dir: Path = Field(Path(".pipewise"), description="Embedded databases and generated key files.")
    database_url: str | None = Field(
        None,
        description="sqlite+aiosqlite:///… or postgresql+psycopg://…; default: a SQLite file in the data folder.",
        repr=False,  # it may carry a password
    )
    secret_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (), description="Master keys, comma-separated, newest first; default: one generated into the data folder."
    )
    api_token: SecretStr | None = Field(
        None,
        description="Admin token of the first user (pw_ and at least 20 characters); default: generated, shown once.",
    )
    env: Environment = Field(
        Environment.DEVELOPMENT,
        description="development, production (refuses sample values) or test (allows the hooks).",
    )
    public_url: str = Field("http://127.0.0.1:8000", description="Base of the webhook and OAuth URLs that are shown.")
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Addresses or networks of proxies in front, comma-separated: only these are believed in X-Forwarded-For.",
    )
    model: str | None = Field(
        None,
        description="openai:NAME, offline, or an ordered list openai:A,openai:B,offline; "
        f"default: {DEFAULT_MODEL} if OPENAI_API_KEY is set, else offline.",
    )
    model_timeouts_s: Annotated[tuple[Annotated[float, Field(gt=0, le=90)], ...], NoDecode] = Field(
        (15.0,),
        min_length=1,
        description="Seconds that each model of the chain may take, in its order: 8,15; the last stands for those behind it.",
    )
    model_required: bool = Field(False, description="1: the chain of models does not end in offline by itself.")
    calendly_api_url: str = Field("https://api.calendly.com", description="Scheme and host of Calendly's API.")
    calendly_auth_url: str = Field("https://auth.calendly.com", description="Scheme and host of Calendly's OAuth.")
    whatsapp_api_url: str = Field(
        "https://graph.facebook.com", description="Scheme and host of the WhatsApp Cloud API."
    )
    instagram_api_url: str = Field("https://graph.instagram.com", description="Scheme and host of the Instagram API.")
    x_api_url: str = Field("https://api.x.com", description="Scheme and host of X's API.")
    burst_ms: int = Field(
        1200, ge=0, le=60_000, description="Quiet time that ends a burst of messages; 0 answers at once."
    )
    burst_max_ms: int = Field(8000, ge=0, le=120_000, description="Longest wait for a burst to end.")
    max_concurrent_runs: int = Field(64, ge=1, le=4096, description="Size of the agent pool of one process.")
    daily_model_budget_usd: float = Field(
        2.0, ge=0, allow_inf_nan=False, description="Per user and day; at the cap the chain falls to offline."
    )
    journal_days: int = Field(
        30, ge=1, le=3650, description="How long the journals of turns are kept: the time within which `replay` works."
    )
    clock_file: Path | None = Field(
        None, description="test only: a file with a number of seconds that is added to every wall-clock reading."
    )
    test_hooks: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="test only: comma-separated crash points, listed by `pipewise doctor`."
    )
    openai_api_key: SecretStr | None = _named("OPENAI_API_KEY", "Key of an OpenAI-compatible endpoint.", default=None)
    openai_base_url: str | None = _named("OPENAI_BASE_URL", "Any OpenAI-compatible endpoint.", default=None)
    calendly_access_token: SecretStr | None = _named(
        "CALENDLY_ACCESS_TOKEN", "Calendly token for users who have not connected their own.", default=None
    )
    whatsapp_api_key: SecretStr | None = _named(
        "WHATSAPP_API_KEY", "WhatsApp token for users who have not connected their own.", default=None
    )

    @field_validator("secret_keys", "test_hooks", "trusted_proxies", "model_timeouts_s", mode="before")
    @classmethod
    def _split_list(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: Any, info: Any) -> Any:
        if isinstance(value, str) and not value.strip() and info.field_name is not None:
            return cls.model_fields[info.field_name].get_default()
        return value

    @field_validator(
        "public_url",
        "calendly_api_url",
        "calendly_auth_url",
        "whatsapp_api_url",
        "instagram_api_url",
        "instagram_auth_url",
        "instagram_token_url",
        "x_api_url",
        "x_auth_url",
    )
    @classmethod
    def _require_origin(cls, value: str, info: Any) -> str:
        parts = urlsplit(value)
        if (
            parts.scheme not in {"http", "https"}
            or not parts.hostname
            or parts.username
            or parts.query
            or parts.fragment
            or parts.port == 0
        ):
            raise ValueError("must be a scheme and host such as https://example.com")
        if info.field_name != "public_url" and parts.path.strip("/"):
            raise ValueError("must be scheme and host only; paths are added by the client")
        return value.rstrip("/")

    @field_validator("trusted_proxies")
    @classmethod
    def _require_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            try:
                ipaddress.ip_network(one, strict=False)
            except ValueError:
                raise ValueError("must be addresses or networks such as 10.0.0.1,192.168.0.0/16") from None
        return value

    @field_validator("database_url")
    @classmethod
    def _require_known_database(cls, value: str | None) -> str | None:
        if value and not value.startswith(("sqlite+aiosqlite:///", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite+aiosqlite:/// or postgresql+psycopg://")
        if value in {"sqlite+aiosqlite:///", "sqlite+aiosqlite:///:memory:"}:
            raise ValueError("must name a file; a database in memory is not kept")
        return value

    @field_validator("api_token")
    @classmethod
    def _require_token_form(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not (value.get_secret_value().startswith("pw_") and len(value.get_secret_value()) >= 23):
            raise ValueError("must be pw_ and at least 20 characters")
        return value

    @model_validator(mode="after")
    def _check_environment(self) -> Self:
        if self.env is not Environment.TEST and (self.clock_file or self.test_hooks):
            raise ValueError("PIPEWISE_CLOCK_FILE and PIPEWISE_TEST_HOOKS need PIPEWISE_ENV=test")
        if self.env is Environment.PRODUCTION:
            self._refuse_unsafe()
        return self

    def _refuse_unsafe(self) -> None:
        for name, secret in self._secrets():
            if secret.strip().lower() in SAMPLE_VALUES:
                raise ValueError(
                    f"production refuses sample values; {name} needs a real one: `openssl rand -base64 32`"
                )
        if not self.secret_keys:
            raise ValueError(
                "production needs PIPEWISE_SECRET_KEYS, kept apart from the data folder: `openssl rand -base64 32`"
            )
        if any(len(key.get_secret_value()) < 32 for key in self.secret_keys):
            raise ValueError("PIPEWISE_SECRET_KEYS must have at least 32 characters each in production")

    def _secrets(self) -> Iterator[tuple[str, str]]:
        """Whatever is secret, by the variable that sets it."""
        for name, given in self:
            for value in given if isinstance(given, tuple) else (given,):
                if isinstance(value, SecretStr):
                    field = type(self).model_fields[name].validation_alias
                    alias = field.choices[0] if isinstance(field, AliasChoices) else f"PIPEWISE_{name.upper()}"
                    yield str(alias), value.get_secret_value()
        yield "the password in PIPEWISE_DATABASE_URL", urlsplit(self.sqlalchemy_url).password or ""

    @property
    def sqlalchemy_url(self) -> str:
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir.absolute() / 'pipewise.db'}"

    @property
    def is_embedded(self) -> bool:
        return self.sqlalchemy_url.startswith("sqlite")

    @property
    def checkpoint_path(self) -> Path:
        """The embedded checkpoint file: beside the tables, in a file of its own."""
        if self.is_embedded:
            main = Path(self.sqlalchemy_url.removeprefix("sqlite+aiosqlite:///"))
            return main.with_name(f"{main.stem}-checkpoints.db")
        return self.data_dir / "checkpoints.db"

    def model_chain(self) -> tuple[str, ...]:
        """Model specs in the order they are tried."""
        default = DEFAULT_MODEL if self.openai_api_key else "offline"
        chain = tuple(part.strip() for part in (self.model or default).split(",") if part.strip())
        if not chain:
            raise SettingsError("PIPEWISE_MODEL names no model; write openai:NAME or offline.")
        for spec in chain:
            if spec != "offline" and not (spec.startswith("openai:") and len(spec) > len("openai:")):
                raise SettingsError(f"PIPEWISE_MODEL holds {spec!r}; write openai:NAME or offline.")
        return chain if self.model_required or chain[-1] == "offline" else (*chain, "offline")

    def model_patience(self) -> tuple[tuple[str, float], ...]:
        """The chain, each model with the seconds that it may take."""
        given = self.model_timeouts_s
        return tuple((spec, given[min(place, len(given) - 1)]) for place, spec in enumerate(self.model_chain()))

    def open_clock(self) -> Clock:
        return ShiftedClock(self.clock_file) if self.clock_file else SystemClock()


def load_settings(**overrides: Any) -> Settings:
    """Read the environment. Raises SettingsError with one clear line that names the variable."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        shown = name if name.isupper() else f"PIPEWISE_{name.upper()}"
        problem = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{shown}: {problem}" if name else problem) from error
