"""What the launcher says, in French and English.

It runs before anything is installed and must not depend on the app, so it keeps its own few sentences.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Final, TextIO

# Each sentence in English and in French, by its name.
SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "no_venv": (
        "This Python cannot make an environment: its venv or ensurepip module is missing. "
        "On Debian and Ubuntu: apt install python3-venv. Elsewhere, install Python from "
        "https://www.python.org/downloads/.",
        "Ce Python ne peut pas créer d’environnement : son module venv ou ensurepip manque. "
        "Sous Debian et Ubuntu : apt install python3-venv. Ailleurs, installez Python depuis "
        "https://www.python.org/downloads/.",
    ),
    "creating": ("Making an environment in {folder}.", "Création d’un environnement dans {folder}."),
    "venv_failed": (
        "The environment {folder} could not be made. This is what Python said:\n{output}",
        "L’environnement {folder} n’a pas pu être créé. Voici ce que dit Python :\n{output}",
    ),
    "waiting": (
        "Another start is preparing the environment; waiting for it to finish.",
        "Un autre démarrage prépare l’environnement ; attente de sa fin.",
    ),
    "installing": (
        "Installing what {requirements} lists: about 1 GB, once, a few minutes.",
        "Installation de ce que liste {requirements} : environ 1 Go, une seule fois, quelques minutes.",
    ),
    "no_registry": (
        "The packages could not be fetched: the package registry did not answer, or lacks one of them. "
        "Check the network, the proxy and pip’s settings, then start again. The last lines:\n{output}",
        "Les paquets n’ont pas pu être téléchargés : le dépôt de paquets n’a pas répondu, ou il en manque "
        "un. Vérifiez le réseau, le proxy et les réglages de pip, puis relancez. "
        "Dernières lignes :\n{output}",
    ),
    "disk_full": (
        "The disk is full: free about 2 GB and start again.",
        "Le disque est plein : libérez environ 2 Go et relancez.",
    ),
    "pip_failed": (
        "The packages could not be installed. The last lines:\n{output}",
        "Les paquets n’ont pas pu être installés. Dernières lignes :\n{output}",
    ),
    "not_a_port": (
        "A port is a whole number between 1 and 65535, not {given}.",
        "Un port est un nombre entier entre 1 et 65535, pas {given}.",
    ),
    "port_taken": (
        "Port {port} is taken by another program. Choose another one with --port, or none.",
        "Le port {port} est pris par un autre programme. Choisissez-en un autre avec --port, ou aucun.",
    ),
    "port_moved": (
        "Port {port} is taken by another program; using {free}.",
        "Le port {port} est pris par un autre programme ; utilisation du port {free}.",
    ),
    "no_port": (
        "No free port was found between {low} and {high}. Choose one with --port.",
        "Aucun port libre entre {low} et {high}. Choisissez-en un avec --port.",
    ),
    "starting": ("Starting Pythie.", "Démarrage de Pythie."),
    "ready": (
        "Pythie is ready: {url}\nCtrl-C stops it.",
        "Pythie est prête : {url}\nCtrl-C l’arrête.",
    ),
    "server_died": (
        "The server ended before it was ready (exit code {code}). What it wrote above says why.",
        "Le serveur s’est arrêté avant d’être prêt (code {code}). Ses messages ci-dessus disent pourquoi.",
    ),
    "server_slow": (
        "The server did not answer within {seconds} seconds.",
        "Le serveur n’a pas répondu en {seconds} secondes.",
    ),
    "stopped": ("Stopped.", "Arrêté."),
    "no_such_browser": (
        "CHROMIUM names {path}, which is not a program that starts.",
        "CHROMIUM désigne {path}, qui n’est pas un programme qui démarre.",
    ),
    "installing_chromium": (
        "No Chromium here: installing one for the browser tests ({way}).",
        "Pas de Chromium ici : installation pour les tests dans le navigateur ({way}).",
    ),
    "no_chromium": (
        "No Chromium was found and none could be installed. Install Chromium or Chrome, or set CHROMIUM "
        "to its path.",
        "Aucun Chromium trouvé, et aucun n’a pu être installé. Installez Chromium ou Chrome, ou donnez son "
        "chemin dans CHROMIUM.",
    ),
    "firebase_no_node": (
        "The tests on Firebase’s emulators need Node.js {oldest} or newer with npm, and there is none here. "
        "Install it from https://nodejs.org/ or with your system’s packages, then start again.",
        "Les tests sur les émulateurs de Firebase demandent Node.js {oldest} ou plus récent avec npm, absent "
        "ici. Installez-le depuis https://nodejs.org/ ou par les paquets de votre système, puis relancez.",
    ),
    "firebase_old_node": (
        "The tests on Firebase’s emulators need Node.js {oldest} or newer; this is {found}. Install a newer "
        "one from https://nodejs.org/ and start again.",
        "Les tests sur les émulateurs de Firebase demandent Node.js {oldest} ou plus récent ; celui-ci est "
        "{found}. Installez une version plus récente depuis https://nodejs.org/ et relancez.",
    ),
    "firebase_waiting": (
        "Another start is installing the emulators; waiting for it to finish.",
        "Un autre démarrage installe les émulateurs ; attente de sa fin.",
    ),
    "firebase_installing": (
        "Installing Firebase’s emulators in {folder}: about 330 MB, once, up to five minutes.",
        "Installation des émulateurs de Firebase dans {folder} : environ 330 Mo, une seule fois, jusqu’à "
        "cinq minutes.",
    ),
    "firebase_no_registry": (
        "The emulators could not be fetched: npm’s registry did not answer, or lacks a package. Check the "
        "network, the proxy and npm’s settings, then start again. The last lines:\n{output}",
        "Les émulateurs n’ont pas pu être téléchargés : le dépôt de npm n’a pas répondu, ou il y manque un "
        "paquet. Vérifiez le réseau, le proxy et les réglages de npm, puis relancez. "
        "Dernières lignes :\n{output}",
    ),
    "firebase_npm_failed": (
        "The emulators could not be installed. The last lines:\n{output}",
        "Les émulateurs n’ont pas pu être installés. Dernières lignes :\n{output}",
    ),
    "firebase_ready": (
        "The emulators are ready: accounts on {auth}, objects on {storage}, database on {database}.",
        "Les émulateurs sont prêts : comptes sur {auth}, objets sur {storage}, base de données sur "
        "{database}.",
    ),
    "firebase_died": (
        "The emulators ended before they were ready (exit code {code}). What they wrote above says why.",
        "Les émulateurs se sont arrêtés avant d’être prêts (code {code}). Leurs messages ci-dessus disent "
        "pourquoi.",
    ),
    "firebase_slow": (
        "The emulators did not answer within {seconds} seconds.",
        "Les émulateurs n’ont pas répondu en {seconds} secondes.",
    ),
    "checks_failed": ("Failed: {names}.", "Échec : {names}."),
    "reset_code": (
        "{code}\nGive this code to the person who asked, and to nobody else. On the Account page, they open "
        "the form for a forgotten password and enter the code there with a new password. It works once, "
        "within 30 minutes.",
        "{code}\nDonnez ce code à la personne qui l’a demandé, et à elle seule. Sur la page Compte, elle "
        "ouvre le formulaire de mot de passe oublié et y saisit le code avec un nouveau mot de passe. Il "
        "sert une seule fois, dans les 30 minutes.",
    ),
    "reset_firebase": (
        "The accounts of this app are kept by Firebase, which sends the mail for a new password itself: "
        "the person asks for it in the form for a forgotten password, on the Account page.",
        "Les comptes de cette application sont gérés par Firebase, qui envoie lui-même l’e-mail pour un "
        "nouveau mot de passe : la personne le demande dans le formulaire de mot de passe oublié, sur la "
        "page Compte.",
    ),
    "reset_secrets": (
        "{path} cannot be read, so it is not known whether Firebase keeps the accounts. Correct the file, "
        "then try again.",
        "Impossible de lire {path} : on ne sait donc pas si Firebase gère les comptes. Corrigez ce fichier, "
        "puis réessayez.",
    ),
    "reset_nobody": (
        "There are no accounts in the data folder {folder}. If the server uses another one, set "
        "MLP_DATA_DIR as it does.",
        "Il n’y a aucun compte dans le dossier de données {folder}. Si le serveur en utilise un autre, "
        "définissez MLP_DATA_DIR comme lui.",
    ),
    "system": ("This machine refused: {error}", "Cette machine a refusé : {error}"),
    "help_about": (
        "Start Pythie; the first start installs what it needs beside this file.",
        "Démarre Pythie ; le premier démarrage installe à côté de ce fichier ce qu’il lui faut.",
    ),
    "help_port": (
        "port of the server (8501, or the next free one)",
        "port du serveur (8501, ou le premier libre ensuite)",
    ),
    "help_address": (
        "address to listen on (only this machine; 0.0.0.0 opens it to the network)",
        "adresse d’écoute (cette machine seule ; 0.0.0.0 ouvre au réseau)",
    ),
    "help_no_browser": ("do not open a browser", "ne pas ouvrir de navigateur"),
    "help_test": (
        "check the code and run all tests; further options go to pytest",
        "vérifie le code et lance tous les tests ; les autres options vont à pytest",
    ),
    "help_slow": ("also run the tests that take minutes", "lance aussi les tests qui durent des minutes"),
    "help_firebase": (
        "only the tests on Firebase’s emulators, which are installed and started by themselves (Node.js)",
        "seulement les tests sur les émulateurs de Firebase, installés et démarrés tout seuls (Node.js)",
    ),
    "help_bench": ("measure speed and memory", "mesure la vitesse et la mémoire"),
    "help_screenshots": (
        "picture every page in both languages and themes",
        "photographie chaque page dans les deux langues et les deux thèmes",
    ),
    "help_reset": (
        "give a code to somebody who forgot their password",
        "donne un code à qui a oublié son mot de passe",
    ),
    "help_email": ("address of the account", "adresse du compte"),
}


class Trouble(Exception):
    """The launcher cannot go on; its sentence says why and what to do."""

    def __init__(self, name: str, /, **values: object) -> None:
        super().__init__(sentence(name, **values))
        self.name = name


def language(environment: Mapping[str, str] | None = None) -> str:
    """Return ``"fr"`` or ``"en"`` as the locale variables ask, in the order in which systems read them."""
    source = os.environ if environment is None else environment
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if source.get(name):
            return "fr" if source[name].startswith("fr") else "en"
    return "en"


def sentence(name: str, /, **values: object) -> str:
    """Return a sentence in the language of this machine."""
    english, french = SENTENCES[name]
    return (french if language() == "fr" else english).format(**values)


def say(name: str, /, **values: object) -> None:
    """Print a sentence at once, even where the output is a pipe or a narrow character set."""
    show(sentence(name, **values), sys.stdout)


def show(text: str, stream: TextIO) -> None:
    """Print a text with the letters that the stream can write."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.replace("\u00a0", " ").replace("’", "'").encode(encoding, "replace").decode(encoding)
    print(text, file=stream, flush=True)
