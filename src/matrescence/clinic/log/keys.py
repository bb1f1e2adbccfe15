"""The key that signs checkpoints: made once, kept in the clinic's home, its public half beside the checkpoints."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from matrescence.clinic.files import write_once
from matrescence.reading import InputError

PRIVATE = "signing-key"


def signing_key(home: Path) -> Ed25519PrivateKey:
    """The private key in this home; made at the first use, readable by nobody else."""
    file = home / PRIVATE
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        made = Ed25519PrivateKey.generate()
        write_once(file, base64.b64encode(made.private_bytes_raw()), mode=0o600)
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(file.read_bytes()))


def name_of(key: Ed25519PublicKey) -> str:
    """The name of a key: the beginning of its SHA-256.  A restored clinic has a new key; the old one stays known."""
    return hashlib.sha256(_raw(key)).hexdigest()[:12]


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def publish(key: Ed25519PrivateKey, folder: Path) -> str:
    """Lay the public half beside the checkpoints, once; return its name."""
    public = key.public_key()
    file = folder / f"{name_of(public)}.pub"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_once(file, base64.b64encode(_raw(public)))
    return name_of(public)


def is_published(folder: Path, name: str) -> bool:
    """Whether the public half of this name lies beside the checkpoints; what is no name of a key never does."""
    return name.isalnum() and (folder / f"{name}.pub").exists()


def public_key(folder: Path, name: str) -> Ed25519PublicKey:
    """The public half of this name that lies beside the checkpoints.

    Raises:
        InputError: it is not there, or is another key.
    """
    file = folder / f"{name}.pub"
    try:
        found = Ed25519PublicKey.from_public_bytes(base64.b64decode(file.read_bytes(), validate=True))
    except FileNotFoundError:
        raise InputError(
            f"{file}: there is no such file; without it no checkpoint of this key can be checked."
        ) from None
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: this is no public key: {error}.") from None
    if name_of(found) != name:
        raise InputError(f"{file}: this is another key than its name says.")
    return found


def signed(key: Ed25519PrivateKey, content: bytes) -> str:
    """The signature of these bytes, in base64."""
    return base64.b64encode(key.sign(content)).decode()


def is_signed(key: Ed25519PublicKey, content: bytes, signature: str) -> bool:
    """Whether this signature is that key's, of these bytes."""
    try:
        key.verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, ValueError):
        return False
    return True
