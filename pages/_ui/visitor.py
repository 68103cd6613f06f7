"""Who is looking at the page: the session behind the cookie of this browser, and what its visitor owns.

Started as ``streamlit run app.py``, the server sets the cookie and no script in the page can read it. Started
as ``streamlit run Home.py`` there is no place to set it from, so a component writes it. Where neither works,
for instance because the browser refuses cookies, the session lives as long as the tab.

The cookie changes with every sign-in and sign-out, and the former one is useless from then on. A tab asks
every second at most whether its session still holds, so a sign-out in one tab ends the rights of the others.
Streamlit lets whoever names a tab's id go on with it, and writes that id into addresses and its log; so a tab
also ends where it comes back with another browser's cookie.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Final

import streamlit as st

from mlp_core.accounts import COOKIE, Account, Credential, Owner, Session
from mlp_core.errors import SignedOut
from mlp_core.text import Text
from pages._ui import proof
from pages._ui.server import CLAIM_PATH, COOKIE_SECONDS
from pages._ui.services import services

_VISITOR: Final = "visitor"
_CHECKED: Final = "visitor.checked"
_NEW_TOKEN: Final = "visitor.new_token"
_ENDED: Final = "visitor.ended"
_BROWSER: Final = "visitor.browser"
_CHECK_SECONDS: Final = 1.0
_RUN_SECONDS: Final = 9.5
"""What one run of a page may wait for a service."""

_TAKE_COOKIE: Final = st.components.v2.component(
    "pythie_visitor",
    js="""
const taken = new Set()
export default async function ({ data }) {
  if (taken.has(data.token)) return
  taken.add(data.token)
  // A cookie that came with the page and that no script can read was set by the server, and so is the next.
  const readable = document.cookie.split("; ").some((one) => one.startsWith(`${data.name}=`))
  if (data.came && !readable) {
    const claim = { method: "POST", body: data.token, credentials: "same-origin" }
    const answer = await fetch(data.path, claim).catch(() => null)
    if (answer !== null && answer.status === 204) return
  }
  const secure = window.location.protocol === "https:" ? "; Secure" : ""
  document.cookie =
    `${data.name}=${data.token}; Path=/; Max-Age=${data.seconds}; SameSite=Lax${secure}`
}
""",
)


_HIDDEN: Final = "<style>.st-key-visitor, div:has(> .st-key-visitor) { display: none }</style>"


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """The visitor of one tab.

    Attributes
    ----------
    session : Session
        The browser's session.
    owner : Owner
        Whose things they see.
    project_id : str
        The project that this tab works on.
    token : str
        The session's token, with which a new proof of the account is sealed.
    """

    session: Session
    owner: Owner
    project_id: str
    token: str = field(repr=False)


def current() -> Visitor:
    """Return the visitor of this tab.

    Raises
    ------
    SignedOut
        The session has ended, here or in another tab.
    """
    known: Visitor | None = st.session_state.get(_VISITOR)
    if st.session_state.get(_ENDED):
        raise _over()
    if known is None:
        return _arrived()
    if not _is_same_browser(known):
        raise _end()
    if time.monotonic() - st.session_state[_CHECKED] < _CHECK_SECONDS:
        return known
    return check()


def check() -> Visitor:
    """Return the visitor of this tab, asked anew whether the session still holds.

    Raises
    ------
    SignedOut
        It has ended, here or in another tab.
    """
    known: Visitor | None = st.session_state.get(_VISITOR)
    if known is None:
        return current()
    session = services().sessions.check(known.session.key)
    owner = proof.proven(known.owner, known.token) if session is not None else None
    if session is None or owner is None or session.owner_id != owner.id or not _is_same_browser(known):
        # A run beside this one may just have begun another session in this tab.
        if st.session_state.get(_VISITOR) is not known:
            return current()
        raise _end()
    project_id = known.project_id
    if not services().library.owns(owner.id, project_id):
        project_id = services().library.current(owner.id)
    return _set(replace(known, session=session, owner=owner, project_id=project_id))


def owner() -> Owner:
    """Return whose things the visitor sees."""
    return current().owner


def account() -> Account | None:
    """Return the visitor's account; ``None`` for a guest."""
    credential = owner().credential
    return credential.account if credential is not None else None


def project_id() -> str:
    """Return the id of the project that this tab works on; the same one until another is opened."""
    return current().project_id


def language() -> str | None:
    """Return the language that the visitor chose; ``None`` follows the browser."""
    known: Visitor | None = st.session_state.get(_VISITOR)
    return known.session.language if known is not None else None


def prefer(chosen: str) -> None:
    """Remember the language that the visitor chose."""
    known = current()
    services().sessions.prefer(known.session.key, chosen)
    _set(replace(known, session=replace(known.session, language=chosen)))


def open_project(chosen: str) -> None:
    """Work on another project of the same owner, in this tab and after a reload.

    Raises
    ------
    NotFound
        There is no such project, or it is somebody else's.
    """
    known = check()
    services().library.open(known.owner.id, chosen)
    _start_afresh(replace(known, project_id=chosen))


def remember() -> None:
    """Let the browser keep its token where the page load could not; to be called once in every run."""
    token = st.session_state.get(_NEW_TOKEN)
    if token is None:
        return
    with st.container(key="visitor"):
        st.html(_HIDDEN)
        base = str(st.get_option("server.baseUrlPath")).strip("/")
        path = f"/{base}{CLAIM_PATH}" if base else CLAIM_PATH
        came = COOKIE in st.context.cookies
        data = {"name": COOKIE, "token": token, "seconds": COOKIE_SECONDS, "path": path, "came": came}
        _TAKE_COOKIE(data=data, key="visitor.cookie")


def become(credential: Credential | None) -> None:
    """Continue as an account, or as a new guest: under a new session, with nothing of the former in the tab.

    Raises
    ------
    StorageError
        The new session cannot be written; the former one stays.
    """
    former = current()
    chosen = former.session.language
    new_id = services().workspaces.new_id() if credential is None else credential.account.id
    token = services().sessions.start(new_id, credential=credential, language=chosen)
    session = services().sessions.find(token)
    assert session is not None
    whose = Owner(id=new_id, credential=credential)
    project = services().library.current(new_id)
    services().sessions.drop(former.session.key)
    _start_afresh(Visitor(session=session, owner=whose, project_id=project, token=token))
    st.session_state[_NEW_TOKEN] = token


def renew(credential: Credential) -> None:
    """Keep another proof of the visitor's account, or what has changed of the account."""
    known = current()
    services().sessions.keep(known.token, credential)
    _set(replace(known, owner=Owner(id=known.owner.id, credential=credential)))


def look_in_cloud(owner: Owner, begun: float) -> None:
    """Wait for what the service has of an account, as long as is left to a run that began then."""
    cloud = services().cloud
    if cloud is not None:
        cloud.arrived(owner, most_seconds=_RUN_SECONDS - (time.monotonic() - begun))


def _arrived() -> Visitor:
    """Return the visitor behind the cookie of this tab's connection; a new guest where there is none."""
    begun, sessions = time.monotonic(), services().sessions
    token = st.session_state[_BROWSER] = _cookie()
    session = sessions.find(token)
    whose = proof.owner_of(session, token) if session is not None else None
    if session is None or whose is None:
        token = sessions.start(services().workspaces.new_id())
        session = sessions.find(token)
        assert session is not None
        whose = Owner(id=session.owner_id)
        st.session_state[_NEW_TOKEN] = token
    look_in_cloud(whose, begun)
    project = services().library.current(whose.id)
    return _set(Visitor(session=session, owner=whose, project_id=project, token=token))


def _start_afresh(visitor: Visitor) -> Visitor:
    """Forget what this tab remembers of another owner or project."""
    kept = {name: st.session_state[name] for name in (_BROWSER, _NEW_TOKEN) if name in st.session_state}
    st.session_state.clear()
    for name, value in kept.items():
        st.session_state[name] = value
    return _set(visitor)


def _cookie() -> str:
    """Return what the browser at the other end of this tab's connection sends as its token."""
    given = st.context.cookies.get(COOKIE)
    # Where a page is tried without a server, something else stands here.
    return given if isinstance(given, str) else ""


def _is_same_browser(known: Visitor) -> bool:
    """Whether this tab is still at the browser that opened it, which may have its new cookie meanwhile."""
    given = _cookie()
    if given != st.session_state[_BROWSER] and given == known.token:
        st.session_state[_BROWSER] = given
    return bool(given == st.session_state[_BROWSER])


def _set(visitor: Visitor) -> Visitor:
    st.session_state[_VISITOR] = visitor
    st.session_state[_CHECKED] = time.monotonic()
    proofs = services().proofs
    if proofs is not None:
        proofs.seen(visitor.owner)
    return visitor


def _end() -> SignedOut:
    """Forget everything in this tab and return what to say."""
    st.session_state.clear()
    st.session_state[_ENDED] = True
    return _over()


def _over() -> SignedOut:
    return SignedOut(
        Text("This session has ended: after a while without a visit, or because of a change in another tab."),
        hint=Text("Your work is kept. Reload the page to go on."),
    )
