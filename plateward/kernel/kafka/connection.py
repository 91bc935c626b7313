"""How every client of ours connects."""

import ssl
from typing import Any

from plateward.kernel.settings import KafkaSettings


def connection(settings: KafkaSettings, client_id: str) -> dict[str, Any]:
    """The arguments that aiokafka's clients share."""
    common: dict[str, Any] = {"bootstrap_servers": settings.bootstrap_servers, "client_id": f"plateward-{client_id}"}
    if settings.security == "PLAINTEXT":
        return common
    return common | {
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": settings.username,
        "sasl_plain_password": settings.password.get_secret_value() if settings.password else None,
        "ssl_context": ssl.create_default_context(cafile=settings.ca_file),
    }
