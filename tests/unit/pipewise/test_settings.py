"""Every setting and rule; whatever is wrong is told in one line that names the variable."""

import re
from pathlib import Path

import pytest

from pipewise.clock import ShiftedClock, SystemClock
from pipewise.errors import SettingsError
from pipewise.settings import DEFAULT_MODEL, SAMPLE_VALUES, Environment, Settings, load_settings

STRONG = "k" * 32


def test_nothing_is_needed() -> None:
    settings = load_settings()
    assert settings.env is Environment.DEVELOPMENT
    assert settings.is_embedded
    assert settings.sqlalchemy_url == f"sqlite+aiosqlite:///{Path('.pipewise').absolute() / 'pipewise.db'}"
    assert settings.checkpoint_path == Path(".pipewise").absolute() / "pipewise-checkpoints.db"
    assert settings.model_chain() == ("offline",)
    assert (settings.burst_ms, settings.burst_max_ms, settings.max_concurrent_runs) == (1200, 8000, 64)
    assert settings.daily_model_budget_usd == 2.0
    assert isinstance(settings.open_clock(), SystemClock)


def test_every_variable_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = {
        "PIPEWISE_DATA_DIR": str(tmp_path),
        "PIPEWISE_DATABASE_URL": "postgresql+psycopg://u:p@h/db",
        "PIPEWISE_SECRET_KEYS": f"{STRONG}, old-{STRONG}",
        "PIPEWISE_API_TOKEN": "pw_" + "a" * 20,
        "PIPEWISE_ENV": "test",
        "PIPEWISE_PUBLIC_URL": "https://pipe.example/base/",
        "PIPEWISE_MODEL": "openai:a",
        "PIPEWISE_MODEL_REQUIRED": "1",
        "PIPEWISE_CALENDLY_API_URL": "http://127.0.0.1:8900/",
        "PIPEWISE_BURST_MS": "0",
        "PIPEWISE_BURST_MAX_MS": "100",
        "PIPEWISE_MAX_CONCURRENT_RUNS": "2",
        "PIPEWISE_DAILY_MODEL_BUDGET_USD": "0",
        "PIPEWISE_CLOCK_FILE": str(tmp_path / "clock"),
        "PIPEWISE_TEST_HOOKS": "before:send, after:send",
        "OPENAI_API_KEY": "sk-1",
        "OPENAI_BASE_URL": "http://127.0.0.1:1/v1",
        "CALENDLY_ACCESS_TOKEN": "cal",
        "WHATSAPP_API_KEY": "wa",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert [key.get_secret_value() for key in settings.secret_keys] == [STRONG, f"old-{STRONG}"]
    assert settings.test_hooks == ("before:send", "after:send")
    assert settings.public_url == "https://pipe.example/base"
    assert settings.calendly_api_url == "http://127.0.0.1:8900"
    assert settings.model_chain() == ("openai:a",)
    assert not settings.is_embedded
    assert settings.checkpoint_path == tmp_path / "checkpoints.db"
    assert isinstance(settings.open_clock(), ShiftedClock)
    assert (settings.burst_ms, settings.daily_model_budget_usd) == (0, 0)
    assert settings.calendly_access_token
    assert settings.whatsapp_api_key


def test_an_env_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PIPEWISE_MODEL=openai:file\nPIPEWISE_BURST_MS=7\nUNRELATED=1\n")
    monkeypatch.setenv("PIPEWISE_BURST_MS", "9")
    settings = load_settings()
    assert (settings.model, settings.burst_ms) == ("openai:file", 9)


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_empty_means_unset(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    field = Settings.model_fields[name]
    variable = field.validation_alias.choices[0] if field.validation_alias else f"PIPEWISE_{name.upper()}"  # type: ignore[union-attr]
    for empty in ("", "  "):
        monkeypatch.setenv(str(variable), empty)
        assert getattr(load_settings(), name) == field.get_default()


WRONG = [
    ("PIPEWISE_ENV", "prod", "development"),
    ("PIPEWISE_DATABASE_URL", "mysql://x", "must start with"),
    ("PIPEWISE_DATABASE_URL", "sqlite:///x.db", "must start with"),
    ("PIPEWISE_DATABASE_URL", "sqlite+aiosqlite:///:memory:", "must name a file"),
    ("PIPEWISE_API_TOKEN", "pw_short", "at least 20"),
    ("PIPEWISE_API_TOKEN", "x" * 40, "pw_"),
    ("PIPEWISE_PUBLIC_URL", "pipe.example", "scheme and host"),
    ("PIPEWISE_PUBLIC_URL", "ftp://pipe.example", "scheme and host"),
    ("PIPEWISE_PUBLIC_URL", "https://u:p@pipe.example", "scheme and host"),
    ("PIPEWISE_PUBLIC_URL", "https://pipe.example?x=1", "scheme and host"),
    ("PIPEWISE_CALENDLY_API_URL", "https://api.calendly.com/v2", "paths are added"),
    ("PIPEWISE_WHATSAPP_API_URL", "http:///nowhere", "scheme and host"),
    ("PIPEWISE_X_API_URL", "https://[::1", "IPv6"),
    ("PIPEWISE_INSTAGRAM_API_URL", "https://h:99999", "Port"),
    ("PIPEWISE_BURST_MS", "soon", "integer"),
    ("PIPEWISE_BURST_MS", "-1", "greater than or equal to 0"),
    ("PIPEWISE_BURST_MAX_MS", "999999", "less than or equal"),
    ("PIPEWISE_MAX_CONCURRENT_RUNS", "0", "greater than or equal to 1"),
    ("PIPEWISE_DAILY_MODEL_BUDGET_USD", "-1", "greater than or equal to 0"),
    ("PIPEWISE_DAILY_MODEL_BUDGET_USD", "inf", "finite"),
    ("PIPEWISE_DAILY_MODEL_BUDGET_USD", "nan", "finite"),
    ("PIPEWISE_MODEL_REQUIRED", "perhaps", "boolean"),
    ("PIPEWISE_MODEL_TIMEOUTS_S", ",", "at least 1"),
]


@pytest.mark.parametrize(("variable", "value", "told"), WRONG)
def test_a_wrong_value_is_told_in_one_line_without_the_value(
    variable: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    message = caught.value.message
    assert message.startswith(f"{variable}: ")
    assert told in message
    assert "\n" not in message
    assert len(value) < 8 or value not in message


@pytest.mark.parametrize("variable", ["PIPEWISE_CLOCK_FILE", "PIPEWISE_TEST_HOOKS"])
@pytest.mark.parametrize("env", ["development", "production"])
def test_the_hooks_are_for_tests_only(variable: str, env: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPEWISE_ENV", env)
    monkeypatch.setenv("PIPEWISE_SECRET_KEYS", STRONG)
    monkeypatch.setenv(variable, "x")
    with pytest.raises(SettingsError, match="PIPEWISE_ENV=test"):
        load_settings()


def test_production_needs_strong_keys() -> None:
    with pytest.raises(SettingsError, match="PIPEWISE_SECRET_KEYS"):
        load_settings(env="production")
    with pytest.raises(SettingsError, match="at least 32"):
        load_settings(env="production", secret_keys=f"{STRONG},short")
    assert load_settings(env="production", secret_keys=STRONG).env is Environment.PRODUCTION


@pytest.mark.parametrize("sample", sorted(SAMPLE_VALUES))
@pytest.mark.parametrize(
    "variable", ["PIPEWISE_SECRET_KEYS", "OPENAI_API_KEY", "CALENDLY_ACCESS_TOKEN", "WHATSAPP_API_KEY"]
)
def test_production_refuses_sample_values(sample: str, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPEWISE_ENV", "production")
    monkeypatch.setenv("PIPEWISE_SECRET_KEYS", STRONG)
    monkeypatch.setenv(variable, sample.upper())
    with pytest.raises(SettingsError, match=f"sample values; {variable} needs"):
        load_settings()


def sample_lines() -> list[str]:
    """Every line of .env.example that sets something, as it holds once it is uncommented."""
    text = (Path(__file__).parents[3] / ".env.example").read_text(encoding="utf-8")
    return [line.removeprefix("#") for line in text.splitlines() if re.match(r"#?[A-Z_]+=", line)]


def test_the_example_holds_no_secret_that_production_would_take() -> None:
    secret = {name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    values = dict(line.split("=", 1) for line in sample_lines())
    assert len(values) > 30
    for name in secret:
        shown = values.get(f"PIPEWISE_{name.upper()}", values.get(name.upper()))
        assert shown == "", name


def test_production_does_not_start_with_the_example_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for line in sample_lines():
        monkeypatch.setenv(*line.split("=", 1))
    monkeypatch.setenv("PIPEWISE_ENV", "production")
    with pytest.raises(SettingsError, match="PIPEWISE_SECRET_KEYS"):
        load_settings()


def test_production_refuses_sample_secrets_of_apps_and_database() -> None:
    for name in (
        "calendly_client_secret",
        "instagram_client_secret",
        "instagram_verify_token",
        "x_client_secret",
        "x_consumer_secret",
    ):
        with pytest.raises(SettingsError, match=f"sample values; PIPEWISE_{name.upper()} needs"):
            load_settings(env="production", secret_keys=STRONG, **{name: "Change-Me"})
    for password in ("change-me", "Sample"):
        with pytest.raises(SettingsError, match="password in PIPEWISE_DATABASE_URL"):
            load_settings(
                env="production",
                secret_keys=STRONG,
                database_url=f"postgresql+psycopg://pipewise:{password}@db/pipewise",
            )
    load_settings(
        env="production", secret_keys=STRONG, database_url="postgresql+psycopg://pipewise:planted-Zk3-own@db/pipewise"
    )


def test_production_refuses_the_sample_token() -> None:
    with pytest.raises(SettingsError, match="sample values"):
        load_settings(env="production", secret_keys=STRONG, api_token="pw_change-me-change-me-change-me")


@pytest.mark.parametrize(
    ("model", "key", "required", "chain"),
    [
        (None, None, False, ("offline",)),
        (None, "sk", False, (DEFAULT_MODEL, "offline")),
        (None, "sk", True, (DEFAULT_MODEL,)),
        ("offline", "sk", False, ("offline",)),
        ("openai:a, openai:b", None, False, ("openai:a", "openai:b", "offline")),
        ("openai:a,offline", None, False, ("openai:a", "offline")),
        ("openai:a,openai:b", None, True, ("openai:a", "openai:b")),
    ],
)
def test_the_chain_of_models(model: str | None, key: str | None, required: bool, chain: tuple[str, ...]) -> None:
    assert load_settings(model=model, openai_api_key=key, model_required=required).model_chain() == chain


@pytest.mark.parametrize("model", ["gpt-5", "openai:", "openai:a;openai:b,x", ","])
def test_a_model_that_is_none_is_told(model: str) -> None:
    with pytest.raises(SettingsError, match="PIPEWISE_MODEL"):
        load_settings(model=model).model_chain()


def test_no_secret_shows_in_repr_or_error() -> None:
    secret = "planted-secret-0123456789-abcdefgh"
    settings = load_settings(
        secret_keys=secret,
        api_token="pw_" + secret,
        openai_api_key=secret,
        calendly_access_token=secret,
        whatsapp_api_key=secret,
        database_url=f"postgresql+psycopg://user:{secret}@host/db",
    )
    assert secret not in repr(settings)
    assert secret not in str(settings)
    with pytest.raises(SettingsError) as caught:
        load_settings(api_token=secret)
    assert secret not in f"{caught.value!r} {caught.value.__cause__!r}"


@pytest.mark.parametrize("value", ["8,soon", "8,0", "500"])
def test_of_a_list_the_wrong_part_is_named(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPEWISE_MODEL_TIMEOUTS_S", value)
    with pytest.raises(SettingsError, match=r"^PIPEWISE_MODEL_TIMEOUTS_S\.\d: Input should be"):
        load_settings()
