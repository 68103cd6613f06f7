"""Passwords that everybody tries first: words, walks over the keyboard, repetitions, and their disguises."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Letters that remain once the digits and signs around them are taken off.
_WORDS: Final = """
password passwort passord passwrd motdepasse mdp contrasena parola senha secret topsecret letmein welcome
bienvenue bonjour hello salut admin administrator administrateur root user guest test testing tester demo
master login default changeme access computer ordinateur internet server windows microsoft apple google
facebook youtube twitter instagram linkedin samsung android iphone github python streamlit pythie machine
machinelearning university universite college school ecole student etudiant teacher professeur qwerty qwertz
azerty qwert asdf asdfgh zxcvbn qwertyuiop azertyuiop asdfghjkl iloveyou ilovey loveyou jetaime loulou
doudou chouchou cheri cherie amour monamour princess princesse sunshine soleil flower butterfly papillon
rainbow angel babygirl sweetheart lovely lovers forever football soccer baseball basketball hockey rugby
tennis liverpool chelsea arsenal barcelona realmadrid juventus marseille olympique psg paris france london
england america canada mexico bretagne lyon toulouse monkey dragon tiger tigger lion eagle falcon dolphin
horse cheval chocolat chocolate cookie pepper ginger banana orange cherry strawberry coffee pokemon pikachu
starwars superman batman spiderman naruto minecraft fortnite playstation nintendo xbox zelda mario gandalf
hobbit matrix ninja samurai warrior shadow hunter killer thunder phoenix diamond silver golden purple
mustang ferrari porsche mercedes corvette harley yamaha maverick ranger cowboy yankees lakers steelers
cowboys packers redsox scooter michael jennifer jessica michelle charlie andrew joshua daniel matthew
anthony robert thomas william jordan nicole ashley amanda hannah maggie george harry david richard patrick
martin alexander alexandre nicolas sebastien guillaume christophe stephanie christine caroline camille
charlotte mathilde isabelle elizabeth victoria samantha katherine jonathan benjamin christopher brandon
whatever trustno freedom liberte maison jardin famille family vacances summer winter autumn spring printemps
automne january february march april june july august september october november december janvier fevrier
avril juin juillet aout septembre octobre novembre decembre monday sunday lundi dimanche blink metallica
nirvana slipknot eminem beatles music musique guitar midnight mercury superstar champion winner success
money million lucky jesus christ blessed heaven godislove abcd abcdef abcdefg abcdefgh qazwsx wxcvbn
"""
WORDS: Final = frozenset(_WORDS.split())

_EXACT: Final = """
1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 q1w2e3r4 q1w2e3r4t5 zaq12wsx zaq1xsw2 qwer1234 asdf1234 pass1234
1234qwer 12qwaszx a1b2c3d4 a1z2e3r4 1a2z3e4r a1z2e3r4t5 1234abcd abc12345 abcd1234 a1234567 a12345678
trustno1 letmein1 ncc1701d thx1138 11223344 12344321 12341234 1123581321 31415926 314159265 27182818
q1w2e3r4t5y6 1qaz2wsx3edc qweasdzxc azeqsdwxc 147258369 789456123 123654789 159753456 741852963 963852741
passw0rd iloveyou1 iloveu2 p@ssw0rd p@ssword pa$$word qwerty123456 azerty123456 password12345
"""
EXACT: Final = frozenset(_EXACT.split())

_ROWS: Final = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertzuiopasdfghjklyxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "1a2z3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgbyhnujmikolp",
)
_DISGUISES: Final = str.maketrans("013457@$!|€", "oleastasile")
_MOST_ADDED: Final = 4


def is_well_known(password: str) -> bool:
    """Whether a password is among those that everybody tries first.

    Digits and signs around a word do not hide it while there are at most four of them, nor do digits and
    signs that stand for letters.

    Examples
    --------
    >>> [is_well_known(given) for given in ("P@ssw0rd2024", "abababab", "23456789", "three blue herons")]
    [True, True, True, False]
    """
    plain = folded(password)
    if plain in EXACT or any(plain in row or plain[::-1] in row for row in _ROWS):
        return True
    pattern = _repeated(plain)
    if pattern != plain:
        return len(pattern) <= _MOST_ADDED or pattern in WORDS or pattern in EXACT
    return any(core in WORDS for core in cores(plain))


def cores(plain: str) -> set[str]:
    """Return what a folded password may be seen as once what little was added around it is taken off.

    Examples
    --------
    >>> sorted(cores("p@ssw0rd2024"))
    ['p@ssw0rd', 'password', 'password2o2a']
    """
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    whole = plain.translate(_DISGUISES)
    if len(plain) - len(core) > _MOST_ADDED:
        return {whole}
    return {core, core.translate(_DISGUISES), whole}


def folded(text: str) -> str:
    """Return a text without its case, its accents and its blanks."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter) and not letter.isspace())


def _repeated(plain: str) -> str:
    """Return the shortest piece that, repeated, makes the whole."""
    return plain[: (plain + plain).find(plain, 1)] if plain else plain
