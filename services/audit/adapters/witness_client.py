"""Witnesses over HTTP (C2SP tlog-witness)."""

import httpx

from plateward.tlog.evidence import ConsistencyEvidence
from plateward.tlog.keys import PublicKey
from plateward.tlog.notes import Signature, parse_signatures
from plateward.tlog.text import Malformed, number
from services.audit.cosigning import WitnessAway, WitnessRefuses

SIZE_TYPE = "text/x.tlog.size"


class HttpWitness:
    """A witness at a URL; the key says whose cosignatures are taken."""

    def __init__(self, key: PublicKey, url: str, client: httpx.AsyncClient) -> None:
        self._key, self._url, self._client = key, url.rstrip("/"), client

    @property
    def key(self) -> PublicKey:
        """What its cosignatures are checked with."""
        return self._key

    async def add_checkpoint(self, evidence: ConsistencyEvidence) -> tuple[Signature, ...] | int:
        """Its cosignatures, or the size that it has seen; raises WitnessAway, WitnessRefuses."""
        try:
            answer = await self._client.post(f"{self._url}/add-checkpoint", content=str(evidence).encode())
        except httpx.HTTPError as error:
            raise WitnessAway(f"{type(error).__name__}: {error}") from error
        try:
            return self._understood(answer)
        except Malformed as error:
            raise WitnessAway(f"its answer is not understood: {error}") from error

    def _understood(self, answer: httpx.Response) -> tuple[Signature, ...] | int:
        if answer.status_code == httpx.codes.OK:
            return parse_signatures(answer.text)
        if answer.status_code == httpx.codes.CONFLICT and answer.headers.get("Content-Type") == SIZE_TYPE:
            return number(answer.text.removesuffix("\n"), "the size that it has seen")
        said = f"{answer.status_code}: {answer.text[:200]}"
        if answer.is_client_error:
            raise WitnessRefuses(said)
        raise WitnessAway(said)
