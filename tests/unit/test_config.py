"""Settings are read once, checked wholly, and never shown in the clear."""

import pytest

from shared.config import BadSettings, Settings

GOOD = {
    "RAPPORT_SERVICE": "sales",
    "RAPPORT_AMQP_URL": "amqp://sales:pa55word@broker:5672/rapport",
    "RAPPORT_MONGODB_URL": "mongodb://sales:pa55word@db:27017/?replicaSet=rs",
    "RAPPORT_IDENTITY_KEY": "1f" * 32,
    "RAPPORT_MASTER_KEY": "2e" * 32,
}


def test_defaults_belong_to_the_service() -> None:
    """Port, database and peers follow from the service's name when nothing else is said."""
    settings = Settings.read(GOOD)
    assert (settings.http_port, settings.database()) == (8102, "rapport_sales")
    assert settings.keys_database == "rapport_keys"
    assert settings.peer("contacts") == "http://127.0.0.1:8101"
    assert settings.identity_key == b"\x1f" * 32


def test_the_runner_names_the_service() -> None:
    """A service given to `read` wins over the environment, default port included."""
    assert Settings.read(GOOD, service="analytics").http_port == 8105


def test_every_fault_is_named_at_once() -> None:
    """One error names each wrong and each missing variable, so that one attempt is enough to repair them."""
    broken = {
        **GOOD,
        "RAPPORT_PARTITIONS": "many",
        "RAPPORT_AMQP_URL": "http://x",
        "RAPPORT_LOG_LEVEL": "loud",
    }
    del broken["RAPPORT_MASTER_KEY"]
    with pytest.raises(BadSettings) as caught:
        Settings.read(broken)
    for name in ("RAPPORT_PARTITIONS", "RAPPORT_AMQP_URL", "RAPPORT_LOG_LEVEL", "RAPPORT_MASTER_KEY"):
        assert name in str(caught.value)


def test_no_environment_at_all_is_one_error() -> None:
    """An empty environment names what is required instead of failing on the first conversion."""
    with pytest.raises(BadSettings, match=r"RAPPORT_AMQP_URL.*RAPPORT_IDENTITY_KEY.*RAPPORT_MONGODB_URL"):
        Settings.read({})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RAPPORT_SERVICE", "payroll"),
        ("RAPPORT_IDENTITY_KEY", "xyz"),
        ("RAPPORT_ADMIN_KEY_SHA256", "abc"),
        ("RAPPORT_SERVICE_KEY", "short"),
        ("RAPPORT_DATABASE_PREFIX", "a$b"),
        ("RAPPORT_HTTP_PORT", "70000"),
        ("RAPPORT_PARTITIONS", "0"),
        ("RAPPORT_CONTACTS_URL", "//nowhere"),
        ("RAPPORT_MONGODB_URL", "mongodb://[broken"),
        ("RAPPORT_MASTER_KEY_FILE", "/nonexistent/key"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    """Each setting is checked for its own rule and named with its own variable."""
    with pytest.raises(BadSettings, match=name):
        Settings.read({**GOOD, name: value})


def test_secrets_come_from_files(tmp_path) -> None:
    """`*_FILE` names a file with the value, as Docker and Kubernetes mount secrets."""
    secret = tmp_path / "key"
    secret.write_text("3d" * 32 + "\n")
    environ = {k: v for k, v in GOOD.items() if k != "RAPPORT_MASTER_KEY"}
    assert Settings.read({**environ, "RAPPORT_MASTER_KEY_FILE": str(secret)}).master_key == b"\x3d" * 32


def test_secrets_are_never_shown() -> None:
    """Neither `repr` nor `masked` contains a key or a password, and `masked` still names every variable."""
    settings = Settings.read({**GOOD, "RAPPORT_SERVICE_KEY": "s" * 40, "RAPPORT_ADMIN_KEY_SHA256": "4c" * 32})
    shown = f"{settings!r} {settings.masked()}"
    assert not any(secret in shown for secret in ("pa55word", "1f1f", "2e2e", "ssss", "4c4c", "\\x1f"))
    assert settings.masked()["RAPPORT_AMQP_URL"] == "amqp://sales:***@broker:5672/rapport"
    assert settings.masked()["RAPPORT_SUPPORT_URL"] == "http://127.0.0.1:8104"
