"""Signing in by way of an agency's own identity provider. It says who somebody is; what they may do is said here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.gateway.second_factor import SecondFactor
from services.gateway.sign_in import Account, HalfWay, NewSession, SignIn, SignInRefused

NOBODY_HERE = "your agency's identity provider knows you, but no open account here is yours"


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a browser is sent, and what it must bring back."""

    url: str
    state: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Whom a provider has vouched for."""

    agency_id: str
    directory_name: str
    with_second_factor: bool


class IdentityProviders(Protocol):
    """The providers of those agencies that have one."""

    @property
    def agencies(self) -> tuple[str, ...]:
        """The agencies whose people can sign in this way."""

    async def departure(self, agency_id: str) -> Departure:
        """Sends somebody off; raises SignInRefused."""

    async def arrival(self, state: str, code: str) -> Arrival:
        """Checks what somebody has come back with; raises SignInRefused."""


class AccountsInDirectory(Protocol):
    """Accounts by the name that a provider gives their people."""

    async def account_in_directory(self, agency_id: str, directory_name: str, at: datetime) -> Account | None:
        """The account, unless it is locked."""


class DirectorySignIn:
    """Lets in whom a provider vouches for and an account is here of."""

    def __init__(
        self,
        *,
        providers: IdentityProviders,
        accounts: AccountsInDirectory,
        sign_in: SignIn,
        second_factor: SecondFactor,
        now: Callable[[], datetime],
    ) -> None:
        self._providers, self._accounts, self._now = providers, accounts, now
        self._sign_in, self._second_factor = sign_in, second_factor

    @property
    def agencies(self) -> tuple[str, ...]:
        """The agencies whose people can sign in this way."""
        return self._providers.agencies

    async def depart(self, agency_id: str) -> Departure:
        """Sends somebody to their provider; raises SignInRefused."""
        return await self._providers.departure(agency_id)

    async def arrive(self, state: str, code: str, address: str) -> NewSession | HalfWay:
        """A session, or a ticket to one; raises SignInRefused, NoPolicyInForce, NotRecorded."""
        arrival = await self._providers.arrival(state, code)
        account = await self._accounts.account_in_directory(arrival.agency_id, arrival.directory_name, self._now())
        if account is None or not account.active:
            await self._sign_in.record_failure(arrival.directory_name, account, "provider", address)
            raise SignInRefused(NOBODY_HERE)
        self._sign_in.require_open(account)
        if arrival.with_second_factor:
            return await self._sign_in.open(account, "provider", address)
        return await self._second_factor.after_first_factor(account, "provider", address)
