"""An OpenID provider of our own, on loopback: it answers as ACM/IDM does, or wrongly where a test asks for that."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.utils import base64url_encode

CLIENT, SECRET, KID = "treaty-register", "a-secret-of-the-client", "key-1"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC_PEM = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def signed(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, KEY, "RS256", {"kid": KID})


def signed_by_another_key(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, OTHER_KEY, "RS256", {"kid": KID})


def unsigned(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, None, "none", {"kid": KID})


def signed_with_the_public_key(claims: dict[str, Any]) -> str:
    """HS256 with the public key as its secret: made by hand, for the library refuses to make it."""
    head = base64url_encode(json.dumps({"alg": "HS256", "typ": "JWT", "kid": KID}).encode())
    body = head + b"." + base64url_encode(json.dumps(claims).encode())
    mac = hmac.new(PUBLIC_PEM, body, hashlib.sha256).digest()
    return (body + b"." + base64url_encode(mac)).decode()


class Provider:
    """`claims` are added to the identity token (None takes one away), `more` is what the user endpoint says."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.more: dict[str, Any] = {}
        self.sign: Callable[[dict[str, Any]], str] = signed
        self.broken = False
        self.asked: dict[str, dict[str, str]] = {}
        self.exchanged: list[dict[str, str]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent after the person has logged in."""
        code = f"code-{len(self.asked) + 1}"
        self.asked[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """A code is worth a token once, for who knows the secret and the verifier of the challenge (RFC 7636)."""
        self.exchanged.append(form)
        asked = self.asked.pop(form.get("code", ""), None)
        if self.broken:
            return 502, {}
        sum_ = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(sum_).rstrip(b"=").decode()
        right = asked and asked["code_challenge_method"] == "S256" and asked["code_challenge"] == challenge
        if not right or form.get("client_secret") != SECRET or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.url, "sub": "sub-1", "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims = {name: value for name, value in {**claims, **self.claims}.items() if value is not None}
        return 200, {"access_token": "at", "token_type": "Bearer", "id_token": self.sign(claims)}

    def keys(self) -> dict[str, Any]:
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [{**key, "kid": KID, "use": "sig"}]}

    def _handler(provider) -> type[BaseHTTPRequestHandler]:  # noqa: N805 (`self` is the handler's)
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                if parts.path == "/authorize":
                    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                    self.send_response(302)
                    self.send_header("Location", provider.authorize(query))
                    self.end_headers()
                elif parts.path == "/jwks":
                    self.answer(200, provider.keys())
                else:
                    allowed = self.headers["Authorization"] == "Bearer at"
                    self.answer(200 if allowed else 401, {"sub": "sub-1", **provider.more})

            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.answer(*provider.token({name: values[0] for name, values in parse_qs(sent).items()}))

            def answer(self, status: int, content: dict[str, Any]) -> None:
                body = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        return Handler
