"""Makes vectors.json beside this file: envelopes signed by an implementation that shares nothing with ours.

Run: python3 make-vectors.py
"""

import base64
import hashlib
import hmac
import json
import pathlib


def hkdf_sha256(secret: bytes, info: bytes) -> bytes:
    """RFC 5869 with an empty salt and one block of output."""
    pseudo_random_key = hmac.new(b"\0" * 32, secret, hashlib.sha256).digest()
    return hmac.new(pseudo_random_key, info + b"\x01", hashlib.sha256).digest()


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(secret: bytes, kid: str, payload: bytes) -> str:
    text = base64url(payload)
    covered = "\n".join(["buildstate-artifact-v1", "HMAC-SHA256", kid, text]).encode()
    signature = hmac.new(hkdf_sha256(secret, b"buildstate/v1/sign"), covered, hashlib.sha256).digest()
    envelope = {"kid": kid, "alg": "HMAC-SHA256", "payload": text, "signature": base64url(signature)}
    return json.dumps(envelope)


secret = bytes(range(100, 132))
digest = hashlib.sha256(b"artifact").hexdigest()
minimal = {"sha256": digest, "size_bytes": 8, "created_at": "2026-01-02T03:04:05Z"}
full = {
    **minimal,
    "expires_at": "2030-01-01T00:00:00+02:00",
    "artifact_id": "01930000-0000-7000-8000-000000000001",
    "build_id": "01930000-0000-7000-8000-000000000002",
    "state_code": 25,
    "attempt": 3,
    "name": "disk – ünïcode 🎉 \"quoted\" \\ slash/",
    "content_type": "application/x-qcow2",
    "writer": "runner@host",
    "metadata": {"nested": {"list": [1, 2.5, True, None, ""]}, "1": "number-like key", "": "empty key"},
}
payloads = {
    "minimal": json.dumps(minimal).encode(),
    "full": json.dumps(full).encode(),
    "unescaped and indented": json.dumps(full, ensure_ascii=False, indent=3, sort_keys=True).encode(),
    "compact, other order": json.dumps(dict(reversed(minimal.items())), separators=(",", ":")).encode(),
}
vectors = {
    "secret": base64url(secret),
    "kid": "vector-key",
    "envelopes": [
        {"name": name, "envelope": sign(secret, "vector-key", payload), "payload": json.loads(payload)}
        for name, payload in payloads.items()
    ],
}
path = pathlib.Path(__file__).with_name("vectors.json")
path.write_text(json.dumps(vectors, indent=2) + "\n")
