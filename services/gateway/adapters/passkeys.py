"""The ceremonies of passkeys (WebAuthn), by py_webauthn."""

from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services.gateway.people import Person
from services.gateway.second_factor import Passkey
from services.gateway.sign_in import SignInRefused

NOT_THIS = "the passkey is not one of this account, or the browser could not prove it"


class WebAuthnPasskeys:
    """Passkeys of this installation's own origin."""

    def __init__(self, origin: str) -> None:
        self._origin, self._host = origin, urlsplit(origin).hostname or ""

    def creation(self, person: Person, others: tuple[Passkey, ...]) -> tuple[str, bytes]:
        """What a browser is asked when a passkey is made, as JSON, and the challenge in it."""
        options = generate_registration_options(
            rp_id=self._host,
            rp_name="Plateward",
            user_id=person.id.bytes,
            user_name=person.username,
            user_display_name=person.name,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.DISCOURAGED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
            exclude_credentials=_described(others),
        )
        return options_to_json(options), options.challenge

    def created(self, answer: str, challenge: bytes) -> Passkey:
        """The passkey that was made; raises SignInRefused."""
        try:
            made = verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
            )
        except (WebAuthnException, ValueError) as error:
            raise SignInRefused(NOT_THIS) from error
        return Passkey(made.credential_id, made.credential_public_key, made.sign_count)

    def request(self, passkeys: tuple[Passkey, ...]) -> tuple[str, bytes]:
        """What a browser is asked when somebody signs in, as JSON, and the challenge in it."""
        options = generate_authentication_options(
            rp_id=self._host,
            allow_credentials=_described(passkeys),
            user_verification=UserVerificationRequirement.PREFERRED,
        )
        return options_to_json(options), options.challenge

    def used(self, answer: str, challenge: bytes, passkeys: tuple[Passkey, ...]) -> tuple[Passkey, int]:
        """The passkey that has signed, and its new count; raises SignInRefused."""
        try:
            named = parse_authentication_credential_json(answer).raw_id
            passkey = next((one for one in passkeys if one.credential_id == named), None)
            if passkey is None:
                raise SignInRefused(NOT_THIS)
            verified = verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.sign_count,
            )
        except (WebAuthnException, ValueError) as error:
            raise SignInRefused(NOT_THIS) from error
        return passkey, verified.new_sign_count


def _described(passkeys: tuple[Passkey, ...]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=one.credential_id) for one in passkeys]
