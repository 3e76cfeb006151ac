"""Read what an operator has configured, once, at the start."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DEFAULTS = Path(__file__).resolve().parent.parent / "config" / "default.toml"

_PREFIX = "TIMEBANK_"
# Variables with our prefix that are no settings: the file to read, and what ./run and the tests use.
_NOT_SETTINGS = {"config", "venv", "chromium", "test_pg_url"}

_TYPE_IN_WORDS = {str: "text", Path: "a path", int: "a whole number", bool: "true or false"}
_LOG_LEVELS = ("debug", "info", "warning", "error")


class SettingsError(Exception):
    """A setting is unknown, missing or of the wrong kind; the sentence names the key and where it was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What config/default.toml explains, key by key."""

    # Addresses can hold a password: they stay out of logs and tracebacks.
    database_url: str = field(repr=False)
    owner_url: str = field(repr=False)
    highwater_path: Path
    master_key_path: Path
    keyring_path: Path
    host: str
    zone: str
    utc_offset_minutes: int
    bind: str
    port: int
    workers: int
    threads: int
    secure_cookies: bool
    session_minutes: int
    session_idle_minutes: int
    own_session_days: int
    login_attempts: int
    login_window_minutes: int
    clock_back_minutes: int
    clock_leap_days: int
    night_minutes: int
    digest_folder: str
    max_body_bytes: int
    federation_ca_file: str
    text_gateway: str
    text_gateway_key: str = field(repr=False)
    log_level: str


_TYPES: dict[str, type] = get_type_hints(Settings)


def load(path: Path | None = None, **overrides: object) -> Settings:
    """Defaults, the file (`path`, else TIMEBANK_CONFIG), the environment, `overrides`: the last one found counts."""
    if path is None and os.environ.get("TIMEBANK_CONFIG"):
        path = Path(os.environ["TIMEBANK_CONFIG"])
    values = _from_file(DEFAULTS)
    if path is not None:
        values |= _from_file(path)
    values |= _from_environment(os.environ)
    values |= {key: _typed(key, value, "the call") for key, value in overrides.items()}
    return _judged(values)


def _from_file(path: Path) -> dict[str, Any]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"The configuration file {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:  # not TOML, or not UTF-8
        raise SettingsError(f"The configuration file {path} is not TOML: {error}.") from error
    return {key: _typed(key, value, str(path)) for key, value in document.items()}


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    values = {}
    for name, text in environment.items():
        key = name.removeprefix(_PREFIX).lower()
        if name.startswith(_PREFIX) and key not in _NOT_SETTINGS:
            values[key] = _typed(key, _read_text(key, text), f"the environment variable {name}")
    return values


def _read_text(key: str, text: str) -> object:
    """The environment knows only text; what is not plainly a number or a truth value stays text, and is refused."""
    if _TYPES.get(key) is bool:
        return {"true": True, "false": False}.get(text.lower(), text)
    if _TYPES.get(key) is int and text.lstrip("-").isascii() and text.removeprefix("-").isdecimal():
        return int(text)
    return text


def _typed(key: str, value: object, source: str) -> object:
    if key not in _TYPES:
        raise SettingsError(f"There is no setting '{key}' (in {source}); config/default.toml lists them all.")
    wanted = _TYPES[key]
    if wanted is Path and isinstance(value, str) and value:
        return Path(value)
    # `type`, not `isinstance`: True is no whole number here.
    if type(value) is not wanted and not (wanted is Path and isinstance(value, Path)):
        raise SettingsError(f"'{key}' must be {_TYPE_IN_WORDS[wanted]}, not {value!r} (in {source}).")
    return value


def _judged(values: dict[str, Any]) -> Settings:
    settings = Settings(**values)
    for setting in fields(settings):
        value = getattr(settings, setting.name)
        if type(value) is int and value < 1 and setting.name != "utc_offset_minutes":
            raise SettingsError(f"'{setting.name}' must be at least 1, not {value}.")
    if settings.port > 65535:
        raise SettingsError(f"'port' must be at most 65535, not {settings.port}.")
    if settings.night_minutes > 1440:
        raise SettingsError(f"'night_minutes' must be at most 1440, not {settings.night_minutes}.")
    if settings.log_level not in _LOG_LEVELS:
        raise SettingsError(f"'log_level' must be one of {', '.join(_LOG_LEVELS)}, not '{settings.log_level}'.")
    if not _is_gateway(settings.text_gateway):
        raise SettingsError(
            "'text_gateway' must be empty, folder:/a/path, or an https address (http only to this machine), "
            f"not '{settings.text_gateway}'."
        )
    try:
        ZoneInfo(settings.zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError(f"'zone' must name a time zone such as Asia/Shanghai, not '{settings.zone}'.") from error
    return replace(settings, owner_url=settings.owner_url or settings.database_url)


def _is_gateway(text: str) -> bool:
    """Names and codes go there: over the network only sealed."""
    if not text or text.startswith("folder:"):
        return text != "folder:"
    parts = urlsplit(text)
    is_here = parts.hostname in ("127.0.0.1", "::1", "localhost")
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_here))
