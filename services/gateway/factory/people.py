"""The wiring of people: how they sign in, and who keeps their accounts."""

from dataclasses import dataclass

from plateward.kernel.clock import now
from services.gateway.accounts import Accounts
from services.gateway.adapters.identity_providers import OpenIdProviders
from services.gateway.adapters.passkeys import WebAuthnPasskeys
from services.gateway.adapters.passwords import Argon2Passwords
from services.gateway.adapters.sealing import SealKey
from services.gateway.adapters.stores.accounts import PostgresAccounts
from services.gateway.adapters.stores.directory import PostgresDirectory
from services.gateway.adapters.stores.factors import PostgresFactors
from services.gateway.adapters.stores.people import PostgresPeople
from services.gateway.directory import DirectorySignIn
from services.gateway.factory.parts import Parts
from services.gateway.failed_sign_ins import FailedSignIns
from services.gateway.second_factor import SecondFactor
from services.gateway.sign_in import SignIn


@dataclass(frozen=True, slots=True)
class PeopleParts:
    """Sign-in by password, second factor and directory, and the accounts."""

    sign_in: SignIn
    second_factor: SecondFactor
    directory: DirectorySignIn
    accounts: Accounts


def people_parts(parts: Parts, failures: FailedSignIns) -> PeopleParts:
    """Everything about people, wired."""
    settings, pool = parts.settings, parts.pool
    people, passwords = PostgresPeople(pool), Argon2Passwords()
    sign_in = SignIn(
        people=people,
        passwords=passwords,
        policies=parts.policies,
        gate=parts.gate,
        failures=failures,
        dispatch_rooms=settings.dispatch_rooms,
        now=now,
    )
    second_factor = SecondFactor(
        sign_in=sign_in,
        people=people,
        factors=PostgresFactors(pool),
        passwords=passwords,
        seal=SealKey(settings.seal_key.get_secret_value()) if settings.seal_key else None,
        passkeys=WebAuthnPasskeys(settings.origin),
        required=settings.second_factor == "required",
        now=now,
    )
    providers = OpenIdProviders(
        settings.identity_providers,
        redirect_uri=f"{settings.origin}/login/arrival",
        away=PostgresDirectory(pool),
        now=now,
    )
    directory = DirectorySignIn(
        providers=providers, accounts=people, sign_in=sign_in, second_factor=second_factor, now=now
    )
    accounts = Accounts(gate=parts.gate, store=PostgresAccounts(pool), policies=parts.policies, now=now)
    return PeopleParts(sign_in, second_factor, directory, accounts)
