"""What an operator configures arrives as written, or is refused by name."""

import os
import tomllib
from pathlib import Path

import pytest

from timebank.settings import DEFAULTS, Settings, SettingsError, load


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("TIMEBANK_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "timebank.toml"


def test_the_defaults_name_every_setting_in_order() -> None:
    written = list(tomllib.loads(DEFAULTS.read_text(encoding="utf-8")))
    assert written == list(Settings.__dataclass_fields__)


def test_every_default_has_a_comment_above_it() -> None:
    lines = DEFAULTS.read_text(encoding="utf-8").splitlines()
    above = [lines[number - 1] for number, line in enumerate(lines) if line and not line.startswith("#")]
    assert [line for line in above if not line.startswith("# ")] == []


def test_the_example_for_production_is_a_valid_configuration() -> None:
    assert load(DEFAULTS.parent / "production.toml.example").secure_cookies is True


def test_a_file_overrides_the_defaults_and_leaves_the_rest(config: Path) -> None:
    config.write_text('port = 9000\nkeyring_path = "/srv/keys"\n', encoding="utf-8")
    settings = load(config)
    assert (settings.port, settings.keyring_path, settings.bind) == (9000, Path("/srv/keys"), "127.0.0.1")


def test_the_file_is_the_one_named_in_the_environment(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text("port = 9000\n", encoding="utf-8")
    monkeypatch.setenv("TIMEBANK_CONFIG", str(config))
    assert load().port == 9000


def test_the_environment_overrides_the_file(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text("port = 9000\n", encoding="utf-8")
    monkeypatch.setenv("TIMEBANK_PORT", "9001")
    assert load(config).port == 9001


def test_the_call_overrides_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMEBANK_PORT", "9001")
    assert load(port=9002).port == 9002


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("secure_cookies", "true", True),
        ("secure_cookies", "false", False),
        ("utc_offset_minutes", "-210", -210),
        ("highwater_path", "elsewhere/mark", Path("elsewhere/mark")),
        ("host", "bank.example", "bank.example"),
    ],
)
def test_the_environment_gives_each_setting_its_type(
    name: str, text: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"TIMEBANK_{name.upper()}", text)
    assert getattr(load(), name) == value


def test_without_an_owner_the_service_migrates_its_own_database() -> None:
    settings = load(database_url="sqlite:///one.db")
    assert settings.owner_url == "sqlite:///one.db"


def test_passwords_in_addresses_stay_out_of_the_logs() -> None:
    secret = "postgresql+psycopg://timebank_app:hush@db/timebank"
    assert "hush" not in repr(load(database_url=secret, owner_url=secret))


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("prot = 9000", "no setting 'prot'"),
        ("[database]\nurl = ''", "no setting 'database'"),
        ('port = "9000"', "'port' must be a whole number, not '9000'"),
        ("port = true", "'port' must be a whole number, not True"),
        ("port = 80.5", "'port' must be a whole number"),
        ("port = 0", "'port' must be at least 1"),
        ("port = 65536", "'port' must be at most 65535"),
        ("night_minutes = 1441", "'night_minutes' must be at most 1440"),
        ("secure_cookies = 1", "'secure_cookies' must be true or false, not 1"),
        ("host = 5", "'host' must be text, not 5"),
        ('keyring_path = ""', "'keyring_path' must be a path, not ''"),
        ('log_level = "loud"', "'log_level' must be one of debug, info, warning, error, not 'loud'"),
        ('zone = "Asia/Zunyi"', "'zone' must name a time zone"),
        ("port =", "is not TOML"),
    ],
)
def test_a_wrong_file_is_refused_by_name(document: str, sentence: str, config: Path) -> None:
    config.write_text(document, encoding="utf-8")
    with pytest.raises(SettingsError, match=sentence):
        load(config)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("TIMEBANK_SECURE_COOKIE", "true", "no setting 'secure_cookie' .in the environment variable"),
        ("TIMEBANK_SECURE_COOKIES", "yes", "'secure_cookies' must be true or false, not 'yes'"),
        ("TIMEBANK_PORT", "tcp://10.0.0.1:80", "'port' must be a whole number"),
        ("TIMEBANK_PORT", "--5", "'port' must be a whole number"),
        ("TIMEBANK_PORT", "８０", "'port' must be a whole number"),
    ],
)
def test_a_wrong_variable_is_refused_by_name(
    name: str, text: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(SettingsError, match=sentence):
        load()


def test_a_wrong_override_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="no setting 'databse_url'"):
        load(databse_url="sqlite://")


def test_a_missing_file_is_refused(config: Path) -> None:
    with pytest.raises(SettingsError, match=r"timebank\.toml cannot be read"):
        load(config)


@pytest.mark.parametrize("gateway", ["", "folder:/srv/texts", "https://sms.example/send", "http://127.0.0.1:8000/"])
def test_text_messages_go_where_nobody_on_the_way_reads_them(gateway: str) -> None:
    assert load(text_gateway=gateway).text_gateway == gateway


@pytest.mark.parametrize("gateway", ["http://sms.example/send", "folder:", "sms.example", "ftp://sms.example/"])
def test_text_messages_do_not_go_over_the_network_in_the_open(gateway: str) -> None:
    with pytest.raises(SettingsError, match="text_gateway"):
        load(text_gateway=gateway)
