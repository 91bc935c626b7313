"""The Faust worker's application, and its agent that hears of changes to the hot list."""

import ssl
from typing import Any

import faust
from mode.supervisors import CrashingSupervisor

from plateward.contracts.topics import HOT_LIST
from plateward.kernel.settings import KafkaSettings
from services.matcher.adapters.coming_into_force import Change, ComingIntoForce
from services.matcher.settings import MatcherSettings

CHANGES_AT_ONCE = 1_000
GATHERED_SECONDS = 0.5
"""Changes are taken together where many come, as when a list is renewed: one look at the past serves them all."""


def faust_app(settings: MatcherSettings, coming: ComingIntoForce) -> faust.App:
    """The Faust application. Its web server stays off, since it would serve data, and it declares no topics."""
    app = faust.App(
        "plateward-matcher-changes",
        broker=[f"aiokafka://{server}" for server in settings.kafka.bootstrap_servers.split(",")],
        broker_credentials=_credentials(settings.kafka),
        datadir=str(settings.work_folder),
        web_enabled=False,
        autodiscover=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        # An agent that fails takes the worker with it: a restart goes on from the committed offset.
        agent_supervisor=CrashingSupervisor,
        # A worker that was killed is out of its group this soon. Until then a new one waits to join, and cannot stop.
        broker_session_timeout=6.0,
        broker_heartbeat_interval=2.0,
        broker_rebalance_timeout=6.0,
    )
    _hear_list_changes(app, coming)
    return app


def _hear_list_changes(app: faust.App, coming: ComingIntoForce) -> None:
    topic = app.topic(HOT_LIST.name, key_serializer="raw", value_serializer="raw")

    @app.agent(topic, name="list-changes", concurrency=1)
    async def list_changes(stream: Any) -> None:
        """Takes each change of the hot list, once over all matchers, to where the past is searched."""
        async for events in stream.noack_take(CHANGES_AT_ONCE, within=GATHERED_SECONDS):
            await coming.take([Change(event.key, event.value, event.ack) for event in events])


def _credentials(settings: KafkaSettings) -> faust.SASLCredentials | None:
    if settings.security == "PLAINTEXT":
        return None
    return faust.SASLCredentials(
        username=settings.username,
        password=settings.password.get_secret_value() if settings.password else None,
        mechanism="SCRAM-SHA-512",
        ssl_context=ssl.create_default_context(cafile=settings.ca_file),
    )
