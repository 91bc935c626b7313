"""The keys by which agencies sign agreements, in a folder: `<agency>.pem` to sign with, `<agency>.pub` to check by."""

from pathlib import Path

from plateward.kernel.signatures import Signer, read_signing_key


class AgencyKeyFiles:
    """Keys as they were when the gateway started. An agency of another deployment has only its public key here."""

    def __init__(self, folder: Path | None) -> None:
        """Reads the folder; raises ValueError and OSError for a file that holds no such key."""
        files = sorted(folder.iterdir()) if folder is not None and folder.is_dir() else []
        self._signers = {file.stem: read_signing_key(file) for file in files if file.suffix == ".pem"}
        self._trusted = {file.stem: _public(file) for file in files if file.suffix == ".pub"}
        self._trusted |= {agency: signer.name for agency, signer in self._signers.items()}

    def signer(self, agency_id: str) -> Signer | None:
        """What signs for the agency; None where its key is not kept here."""
        return self._signers.get(agency_id)

    def trusted(self, agency_id: str) -> str | None:
        """The public key by which the agency's signatures are known, in hexadecimal; None where none is on file."""
        return self._trusted.get(agency_id)


def _public(file: Path) -> str:
    key = file.read_text(encoding="utf-8").strip()
    if len(bytes.fromhex(key)) != 32:
        raise ValueError(f"{file}: holds no Ed25519 public key in hexadecimal")
    return key
