"""The operator's command for a forgotten password, run as the operator runs it."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mlp_core.accounts import EmbeddedAccounts
from mlp_core.errors import SignedOut
from tools import launcher, reset_code
from tools.environment import Environment

EMAIL = "alan.turing@example.org"
PASSWORD = "the tape runs either way"
SECOND = "the machine halts at last"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.setenv("MLP_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Return what runs ``start.py`` in its environment, here the one of the tests."""
    monkeypatch.setattr(Environment, "ensure", lambda *_: None)
    monkeypatch.setattr(Environment, "python", Path(sys.executable))

    def act(*arguments: str, language: str = "en_GB") -> tuple[int, str, str]:
        monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
        monkeypatch.setenv("PYTHONIOENCODING", "utf-8")
        code = launcher.main(arguments)
        return code, *capfd.readouterr()

    return act


def test_the_code_that_is_printed_sets_a_new_password(run: Run, folder: Path) -> None:
    accounts = EmbeddedAccounts(folder)
    proof = accounts.sign_up("Alan", EMAIL, PASSWORD)
    code, told, trouble = run("reset-code", f" {EMAIL.upper()} ")
    given = told.splitlines()[0]

    assert (code, trouble) == (0, "")
    assert re.fullmatch(r"(\w{4}-){6}\w{4}", given)
    assert "30 minutes" in told
    accounts.confirm_reset(given, SECOND)
    assert accounts.sign_in(EMAIL, SECOND).account.id == proof.account.id
    with pytest.raises(SignedOut):
        accounts.fresh(proof)


def test_it_speaks_french_on_a_french_machine(run: Run, folder: Path) -> None:
    EmbeddedAccounts(folder).sign_up("Alan", EMAIL, PASSWORD)

    assert "mot de passe oublié" in run("reset-code", EMAIL, language="fr_FR")[1]
    assert "Aucun compte" in run("reset-code", "nobody@example.org", language="fr_FR")[2]


@pytest.mark.parametrize("email", ["nobody@example.org", "no address", "' OR 1=1 --", "é" * 300])
def test_an_unknown_address_is_refused_with_one_sentence(run: Run, folder: Path, email: str) -> None:
    EmbeddedAccounts(folder).sign_up("Alan", EMAIL, PASSWORD)
    code, told, trouble = run("reset-code", email)

    assert (code, told) == (1, "")
    assert trouble.startswith("No account has this e-mail address.")
    assert email not in trouble


def test_a_folder_without_accounts_is_named_and_left_alone(run: Run, folder: Path) -> None:
    code, told, trouble = run("reset-code", EMAIL)

    assert (code, told) == (1, "")
    assert str(folder) in trouble
    assert not folder.exists()


def test_a_setting_that_is_wrong_gets_its_sentence(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLP_SIGN_UP", "perhaps")
    code, _, trouble = run("reset-code", EMAIL)

    assert code == 1
    assert "MLP_SIGN_UP" in trouble
    assert "Traceback" not in trouble


@pytest.mark.parametrize("arguments", [[], [EMAIL, "more"], [EMAIL, "--force"]])
def test_the_command_takes_one_address(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        launcher.parse(["reset-code", *arguments])


# Where Firebase keeps the accounts


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "app" / ".streamlit").mkdir(parents=True)
    return tmp_path / "app"


@pytest.mark.parametrize("place", ["app", "home"])
def test_with_firebase_it_says_who_sends_the_mail(
    app: Path, folder: Path, place: str, capfd: pytest.CaptureFixture[str]
) -> None:
    EmbeddedAccounts(folder).sign_up("Alan", EMAIL, PASSWORD)
    secrets = app.parent / place / reset_code.SECRETS
    secrets.parent.mkdir(parents=True, exist_ok=True)
    secrets.write_text('[firebase]\napiKey = "planted-key"\n', encoding="utf-8")

    assert reset_code.main(EMAIL, app) == 1
    told, trouble = capfd.readouterr()
    assert told == ""
    assert "Firebase" in trouble
    assert "planted-key" not in trouble


@pytest.mark.parametrize("content", [None, "", "[mlflow]\nx = 1\n"])
def test_without_a_firebase_configuration_the_accounts_are_here(
    app: Path, folder: Path, content: str | None, capfd: pytest.CaptureFixture[str]
) -> None:
    EmbeddedAccounts(folder).sign_up("Alan", EMAIL, PASSWORD)
    if content is None:
        shutil.rmtree(app / ".streamlit")
    else:
        (app / reset_code.SECRETS).write_text(content, encoding="utf-8")

    assert reset_code.main(EMAIL, app) == 0
    assert "-" in capfd.readouterr().out


def test_a_data_folder_that_stands_in_the_secrets_is_the_one(
    app: Path, folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    elsewhere = EmbeddedAccounts(tmp_path / "elsewhere")
    elsewhere.sign_up("Alan", EMAIL, PASSWORD)
    (app / reset_code.SECRETS).write_text(f"MLP_DATA_DIR = '{tmp_path / 'elsewhere'}'\n", encoding="utf-8")

    assert reset_code.main(EMAIL, app) == 0
    elsewhere.confirm_reset(capfd.readouterr().out.splitlines()[0], SECOND)


@pytest.mark.parametrize("content", [b'[firebase\napiKey = "planted-key"', b"\xff\xfe"])
def test_a_damaged_configuration_is_named_and_not_quoted(
    app: Path, folder: Path, content: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    (app / reset_code.SECRETS).write_bytes(content)

    assert reset_code.main(EMAIL, app) == 1
    trouble = capfd.readouterr().err
    assert "secrets.toml" in trouble
    assert "planted-key" not in trouble
