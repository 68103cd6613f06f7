"""Firebase Authentication as the double knows it: accounts, proofs that can be read, mails kept back."""

from __future__ import annotations

import base64
import json
import re
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from firebase.double import Request

API_KEY = "planted-api-key"
PROJECT = "demo-mlp"
# Google refuses a name that a request does not have, and null where a text is due.
UPDATES = {"idToken", "displayName", "photoUrl", "deleteAttribute", "email", "password", "returnSecureToken"}


class Refusal(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, body: object) -> None:
        super().__init__(str(status))
        self.status = status
        self.body = body


@dataclass
class User:
    uid: str
    email: str
    password: str
    name: str = ""
    verified: bool = False
    disabled: bool = False
    epoch: int = 0
    failures: int = 0


@dataclass
class Mail:
    kind: str
    uid: str
    code: str
    email: str


@dataclass
class Identity:
    """Accounts of one project.

    Attributes
    ----------
    protects_addresses : bool
        Answer alike for known and unknown addresses, and change one only by a mail to the new one.
    seconds : int
        How long a proof lasts.
    """

    users: dict[str, User] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    renewals: dict[str, tuple[str, int]] = field(default_factory=dict)
    protects_addresses: bool = False
    seconds: int = 3600

    def by_email(self, email: object) -> User | None:
        plain = email.lower() if isinstance(email, str) else ""
        return next((user for user in self.users.values() if user.email.lower() == plain), None)

    def mail(self, kind: str, email: str) -> Mail:
        return [mail for mail in self.mails if mail.kind == kind and mail.email == email][-1]

    def verify(self, email: str) -> None:
        """Open the link of the mail that verifies an address."""
        mail = self.mail("VERIFY_EMAIL", email)
        self.mails.remove(mail)
        self.users[mail.uid].verified = True

    def answer(self, request: Request) -> dict[str, Any]:
        if request.query.get("key") != API_KEY:
            raise refusal("API key not valid. Please pass a valid API key.")
        told = json.loads(request.body)
        action = re.sub(r"\W", "_", request.path.rsplit("/", 1)[-1])
        method = getattr(self, f"_{action}", None)
        if request.method != "POST" or method is None:
            raise Refusal(404, b"<html>Not Found</html>")
        answer: dict[str, Any] = method(told)
        return answer

    def _signupNewUser(self, told: dict[str, Any]) -> dict[str, Any]:
        email = told.get("email") or ""
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
            raise refusal("INVALID_EMAIL")
        if self.by_email(email):
            raise refusal("EMAIL_EXISTS")
        require_length(told.get("password"))
        user = User(secrets.token_urlsafe(21)[:28].replace("-", "a"), email.lower(), told["password"])
        self.users[user.uid] = user
        return self._signed(user)

    def _verifyPassword(self, told: dict[str, Any]) -> dict[str, Any]:
        user = self.by_email(told.get("email"))
        if user is not None and user.failures >= 8:
            raise refusal("TOO_MANY_ATTEMPTS_TRY_LATER : Access to this account has been disabled for now.")
        if user is None or user.password != told.get("password"):
            if user is not None:
                user.failures += 1
            if self.protects_addresses:
                raise refusal("INVALID_LOGIN_CREDENTIALS")
            raise refusal("INVALID_PASSWORD" if user is not None else "EMAIL_NOT_FOUND")
        if user.disabled:
            raise refusal("USER_DISABLED")
        user.failures = 0
        return self._signed(user, registered=True)

    def _getOobConfirmationCode(self, told: dict[str, Any]) -> dict[str, Any]:
        if told["requestType"] == "VERIFY_EMAIL":
            user: User | None = self.of(told.get("idToken"))
        else:
            user = self.by_email(told.get("email"))
            if user is None and not self.protects_addresses:
                raise refusal("EMAIL_NOT_FOUND")
        if user is not None:
            self.mails.append(Mail(told["requestType"], user.uid, secrets.token_urlsafe(16), user.email))
        return {"email": user.email if user is not None else told.get("email")}

    def _accounts_sendOobCode(self, told: dict[str, Any]) -> dict[str, Any]:
        user = self.of(told.get("idToken"))
        mail = Mail(told["requestType"], user.uid, secrets.token_urlsafe(16), told["newEmail"])
        self.mails.append(mail)
        return {"email": user.email}

    def _resetPassword(self, told: dict[str, Any]) -> dict[str, Any]:
        given = told.get("oobCode")
        mails = [mail for mail in self.mails if (mail.kind, mail.code) == ("PASSWORD_RESET", given)]
        if not mails:
            raise refusal("INVALID_OOB_CODE")
        require_length(told.get("newPassword"))
        self.mails.remove(mails[0])
        user = self.users[mails[0].uid]
        user.password, user.verified, user.failures = told["newPassword"], True, 0
        user.epoch += 1
        return {"email": user.email, "requestType": "PASSWORD_RESET"}

    def _deleteAccount(self, told: dict[str, Any]) -> dict[str, Any]:
        del self.users[self.of(told.get("idToken")).uid]
        return {"kind": "identitytoolkit#DeleteAccountResponse"}

    def _accounts_update(self, told: dict[str, Any]) -> dict[str, Any]:
        if not set(told) <= UPDATES or None in told.values():
            raise refusal('Invalid JSON payload received. Unknown name "photoURL": Cannot find field.')
        user = self.of(told.get("idToken"))
        changed = "password" in told or "email" in told
        if "email" in told:
            if self.protects_addresses:
                raise refusal("OPERATION_NOT_ALLOWED : Please verify the new email before changing email.")
            if self.by_email(told["email"]):
                raise refusal("EMAIL_EXISTS")
            user.email, user.verified = told["email"].lower(), False
        if "password" in told:
            require_length(told["password"])
            user.password = told["password"]
        user.name = told.get("displayName", user.name)
        if not changed:
            return {"localId": user.uid, "email": user.email, "displayName": user.name}
        user.epoch += 1
        return self._signed(user)

    def _token(self, told: dict[str, Any]) -> dict[str, Any]:
        uid, epoch = self.renewals.get(str(told.get("refreshToken")), ("", -1))
        if not uid:
            raise refusal("INVALID_REFRESH_TOKEN")
        user = self.users.get(uid)
        if user is None:
            raise refusal("USER_NOT_FOUND")
        if epoch != user.epoch or user.disabled:
            raise refusal("USER_DISABLED" if user.disabled else "TOKEN_EXPIRED")
        signed = self._signed(user)
        return {
            "user_id": uid,
            "id_token": signed["idToken"],
            "refresh_token": signed["refreshToken"],
            "expires_in": signed["expiresIn"],
        }

    def of(self, id_token: object) -> User:
        """Return whose proof it is; one that was given before a change of the password is none."""
        claims = claims_of(id_token)
        if claims is None:
            raise refusal("INVALID_ID_TOKEN")
        user = self.users.get(claims["user_id"])
        if user is None:
            raise refusal("USER_NOT_FOUND")
        if claims["exp"] < time.time() or claims["epoch"] != user.epoch:
            raise refusal("TOKEN_EXPIRED")
        return user

    def _signed(self, user: User, **more: object) -> dict[str, Any]:
        now = int(time.time())
        claims = {
            "iss": f"https://securetoken.google.com/{PROJECT}",
            "aud": PROJECT,
            "sub": user.uid,
            "user_id": user.uid,
            "email": user.email,
            "email_verified": user.verified,
            "iat": now,
            "auth_time": now,
            "exp": now + self.seconds,
            "epoch": user.epoch,
            "jti": secrets.token_hex(8),
            **({"name": user.name} if user.name else {}),
        }
        renewal = secrets.token_urlsafe(24)
        self.renewals[renewal] = user.uid, user.epoch
        return {
            "localId": user.uid,
            "email": user.email,
            "displayName": user.name,
            "idToken": f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}.",
            "refreshToken": renewal,
            "expiresIn": str(self.seconds),
            **more,
        }


def claims_of(id_token: object) -> dict[str, Any] | None:
    """Return what a proof says, ``None`` for what is none."""
    try:
        part = str(id_token).split(".")[1]
        claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, IndexError):
        return None
    return claims


def refusal(message: str) -> Refusal:
    detail = {"message": message, "reason": "invalid", "domain": "global"}
    return Refusal(400, {"error": {"code": 400, "message": message, "errors": [detail]}})


def require_length(password: object) -> None:
    if not isinstance(password, str) or len(password) < 6:
        raise refusal("WEAK_PASSWORD : Password should be at least 6 characters")


def _part(claims: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
