"""Settings come from the environment, and secrets do not come out of them by accident."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from plateward.kernel.postgres import DatabaseSettings
from plateward.kernel.settings import (
    BlobSettings,
    HttpSettings,
    KafkaSettings,
    KeySettings,
    LogSettings,
    PolicySettings,
)
from services.matcher.settings import MatcherSettings

SECRET = "of-nobodys-business"


def test_a_service_reads_its_own_settings_and_the_shared_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATEWARD_KAFKA_BOOTSTRAP_SERVERS", "a:1,b:2")
    monkeypatch.setenv("PLATEWARD_HTTP_PORT", "9999")
    monkeypatch.setenv("PLATEWARD_LOG_FORMAT", "console")
    monkeypatch.setenv("PLATEWARD_MATCHER_BATCH_MAX", "17")
    monkeypatch.setenv("PLATEWARD_MATCHER_WORK_FOLDER", "/var/lib/matcher")
    settings = MatcherSettings()
    assert settings.kafka.bootstrap_servers == "a:1,b:2"
    assert settings.http.port == 9999
    assert settings.log.format == "console"
    assert settings.batch_max == 17
    assert settings.work_folder == Path("/var/lib/matcher")


def test_nothing_listens_beyond_this_machine_by_default() -> None:
    assert HttpSettings().host == "127.0.0.1"


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("PLATEWARD_HTTP_PORT", "80000", HttpSettings),
        ("PLATEWARD_KAFKA_SECURITY", "SASL_PLAINTEXT", KafkaSettings),
        ("PLATEWARD_KAFKA_REPLICATION", "0", KafkaSettings),
        ("PLATEWARD_LOG_LEVEL", "chatty", LogSettings),
        ("PLATEWARD_DATABASE_CONNECTIONS", "none", DatabaseSettings),
    ],
)
def test_a_setting_that_cannot_be_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, kind: Callable[[], BaseSettings]
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=name.rpartition("_")[2].lower()):
        kind()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("PLATEWARD_KAFKA_PASSWORD", KafkaSettings),
        ("PLATEWARD_DATABASE_DSN", DatabaseSettings),
        ("PLATEWARD_BLOBS_SECRET_KEY", BlobSettings),
    ],
)
def test_a_secret_shows_in_no_representation(
    monkeypatch: pytest.MonkeyPatch, name: str, kind: Callable[[], BaseSettings]
) -> None:
    monkeypatch.setenv(name, SECRET)
    settings = kind()
    secret = getattr(settings, name.removeprefix(settings.model_config["env_prefix"]).lower())
    assert secret.get_secret_value() == SECRET
    assert SECRET not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


@pytest.mark.parametrize(
    "kind",
    [
        KafkaSettings,
        HttpSettings,
        LogSettings,
        BlobSettings,
        KeySettings,
        PolicySettings,
        DatabaseSettings,
        MatcherSettings,
    ],
)
def test_each_setting_of_its_own_says_what_it_is_for(kind: type[BaseSettings]) -> None:
    own = {name: field for name, field in kind.model_fields.items() if name not in ("kafka", "http", "log")}
    assert all(field.description for field in own.values())
