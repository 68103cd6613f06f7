"""Passwords that everybody tries first: words, walks over the keyboard, repetitions, and their disguises."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# What remains once the digits and signs around it are taken off, without accents.
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
money million lucky jesus christ blessed heaven godislove abcd abcdef abcdefg abcdefgh qazwsx wxcvbn pass
passwords wordpass nicholas dolphins redskins mountain scorpion godzilla platinum garfield elephant airborne
explorer michigan einstein snowball darkness hardcore bulldog bulldogs lacrosse paradise maryjane spitfire
anderson cherokee franklin snickers westside patricia semperfi veronica wildcats wildcat wolverine scotland
passport electric virginia chevelle patriots kawasaki airplane wolfpack american scarface stingray simpsons
perfect loverboy wolfgang infinity hercules darkside darkstar business babydoll longhorn bluebird shotgun
blizzard unicorn precious fireball lonewolf engineer morpheus hotstuff serenity birthday hollywood renegade
rockstar greenday network mongoose drpepper warcraft thuglife stardust margaret japanese bigdaddy fuckyou
asshole bullshit buster hammer heather merlin taylor austin yellow snoopy chicken monster gateway scooby
skywalker stargate startrek babyboy cupcake bubbles sweety pumpkin peanut jasmine vanessa melissa gabriel
gabrielle danielle kimberly natasha stephen steven mickey jackson johnson blessing gangster playboy myspace
hotmail yahoo letme secure security system service manager support office temp temporary example sample
juliette valentin valentine antoine clement maxime thibault romain benoit florian florent mathieu laurent
philippe veronique sandrine nathalie virginie celine audrey laetitia pauline manon clementine bordeaux
nantes tournesol chaton lapin coucou toto titi tata bisous poussin minou caramel vanille fraise chanel
renault peugeot citroen ronaldo messi zidane neymar mbappe goku vegeta sasuke harrypotter lordoftherings
starfire
"""
WORDS: Final = frozenset(_WORDS.split())

_EXACT: Final = """
ncc1701d thx1138 123321123 11223344 12344321 1123581321 31415926 314159265 27182818 3141592654 147258369
789456123 123654789 159753456 741852963 963852741 147852369 159357456 iloveyou2 iloveu2 qweasdzxc azeqsdwxc
1qazxsw2 zaq1xsw2 1qaz2wsx3edc 12qwaszx qazxswedc asdfqwer 1q2w3e4r5t6y a1s2d3f4 a1b2c3d4 a1b2c3d4e5
qwaszx12 poiuytreza
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
# A one stands for an l as often as for an i.
_DISGUISES: Final = tuple(str.maketrans("013457@$!|€", f"o{one}eastasile") for one in "li")
_MOST_ADDED: Final = 4


def is_well_known(password: str) -> bool:
    """Whether a password is among those that everybody tries first.

    Digits and signs around a word do not hide it while there are at most four of them, nor do digits and
    signs that stand for letters, nor a row of such words and of keys that lie side by side.

    Examples
    --------
    >>> [is_well_known(given) for given in ("P@ssw0rd2024", "abababab", "dragon123456", "three blue herons")]
    [True, True, True, False]
    """
    plain = folded(password)
    pattern = _repeated(plain)
    if plain in EXACT or pattern in EXACT or (pattern != plain and len(pattern) <= _MOST_ADDED):
        return True
    if any(plain in row or plain[::-1] in row for row in _ROWS):
        return True
    pieces = re.findall(r"[^\W\d_]+|\d+|[\W_]+", pattern)
    return all(map(_is_obvious, pieces)) or any(core in WORDS for core in cores(plain))


def cores(plain: str) -> set[str]:
    """Return what a folded password may be seen as once what little was added around it is taken off.

    Examples
    --------
    >>> sorted(cores("p@ssw0rd20"))
    ['p@ssw0rd', 'p@ssw0rd20', 'password', 'password2o']
    """
    ends = {re.sub(pattern, "", plain) for pattern in (r"^[\W\d_]+", r"[\W\d_]+$", r"^[\W\d_]+|[\W\d_]+$")}
    seen = {plain, *(end for end in ends if len(plain) - len(end) <= _MOST_ADDED)}
    return seen | {core.translate(disguise) for core in seen for disguise in _DISGUISES}


def _is_obvious(piece: str) -> bool:
    return len(set(piece)) == 1 or piece in WORDS or any(piece in row or piece[::-1] in row for row in _ROWS)


def folded(text: str) -> str:
    """Return a text without its case, its accents and its blanks."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter) and not letter.isspace())


def _repeated(plain: str) -> str:
    """Return the shortest piece that, repeated, makes the whole."""
    return plain[: (plain + plain).find(plain, 1)] if plain else plain
