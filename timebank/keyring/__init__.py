"""Secrets at rest: one master key, the private keys it wraps, the personal columns it seals."""

from .master import KeyringError, Master
from .ring import Keyring
from .vault import Vault, VaultError, digits_of

__all__ = ["Keyring", "KeyringError", "Master", "Vault", "VaultError", "digits_of"]
