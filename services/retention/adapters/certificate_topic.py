"""Purge certificates on `access`: so they lie in the access log beside the looks at what they say is gone."""

from collections.abc import Mapping

import asyncpg

from plateward.contracts.access import AccessRecord, Actor, Reason
from plateward.contracts.topics import ACCESS
from plateward.kernel.kafka.publisher import Publisher
from plateward.policy.profile import AgencyProfile


class CertificateTopic:
    """Publishes certificates as access records of the action `purge`."""

    def __init__(self, publisher: Publisher, profiles: Mapping[str, AgencyProfile]) -> None:
        self._publisher, self._profiles = publisher, profiles

    async def publish(self, certificate: asyncpg.Record) -> None:
        """Returns when it is durable; raises NotAcknowledged. Published twice, it is the same record."""
        agency_id, profile = certificate["agency_id"], self._profiles.get(certificate["agency_id"])
        policy = {"policy": profile.policy, "section": profile.retention.section} if profile else {}
        record = AccessRecord(
            id=certificate["id"],
            access_id=certificate["id"],
            phase="answered",
            at=certificate["issued_at"],
            actor=Actor(
                person_id="retention", username="retention", name="Retention", title="service", agency_id=agency_id
            ),
            action="purge",
            query={
                "day": certificate["day"].isoformat(),
                "certificate": certificate["statement"],
                "signature": certificate["signature"].hex(),
                "signer": certificate["signer"],
            },
            reason=Reason(purpose="retention", form="policy", values=policy),
            owners=(agency_id,),
            address="",
            session="",
        )
        await self._publisher.publish(ACCESS, record, key=agency_id, event_id=record.id, time=record.at)
