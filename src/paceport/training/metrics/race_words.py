"""Words in the title of a run that say it was a race, or that it was not, in many languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

# Titles are compared without case and accents: "Półmaraton" holds "maraton". What is not here, and why: "Lauf",
# "Course", "Carrera", "Corrida", "loop", "løb", "bieg" and "забег" stand in the titles that Strava itself gives
# every run ("Lauf am Morgen", "Course à pied le matin"); "media", "meia", "mezza" and "prova" are common words.
_RACE_WORDS = frozenset(
    (
        *("race", "races", "champs", "championship", "championships", "regionals", "nationals"),  # English
        *("meisterschaft", "meisterschaften", "bestenkampf"),  # German
        *("competition", "championnat", "championnats", "foulees", "ekiden"),  # French
        *("competicion", "campeonato", "silvestre", "competicao"),  # Spanish, Portuguese
        *("gara", "campionato", "campionati", "stramilano"),  # Italian
        *("wedstrijd", "kampioenschap", "prestatieloop"),  # Dutch
        *("zawody", "zawodach", "zawodow", "mistrzostwa"),  # Polish
        *("zavod", "zavody", "mistrovstvi", "preteky"),  # Czech, Slovak
        *("tavling", "lopp", "konkurrence", "stævne", "konkurranse", "mesterskap"),  # Swedish, Danish, Norwegian
        *("kilpailu", "kilpailut", "verseny", "bajnoksag", "yaris", "yarisi"),  # Finnish, Hungarian, Turkish
        *("гонка", "соревнование", "соревнования", "чемпионат", "змагання"),  # Russian, Ukrainian
        *("αγωνας", "concurs", "tekma", "utrka"),  # Greek, Romanian, Slovene, Croatian
    )
)
# These say so inside a longer word too: "Stadtlauf", "Lidingöloppet", and languages that write no blanks.
_RACE_PARTS = (
    *("marathon", "maraton", "марафон", "маратон", "μαραθων", "parkrun", "wettkampf", "stadsloop"),
    *("volkslauf", "stadtlauf", "citylauf", "silvesterlauf", "firmenlauf", "nikolauslauf", "frauenlauf", "loppet"),
    *("マラソン", "大会", "レース", "马拉松", "馬拉松", "比赛", "比賽", "마라톤", "대회"),
)
# Words that Strava uses for every run say so together with another one.
_RACE_PHRASES = re.compile(
    r"\b(carrera (popular|solidaria|nocturna|urbana|benefica|de la mujer)|course (officielle|caritative|nature|relais)"
    r"|corrida (internacional|de sao silvestre|de natal)|corsa podistica|bieg (uliczny|niepodległosci|sylwestrowy))\b"
)
_TRAINING_PARTS = (
    *("training", "workout", "tempo", "vorbereitung", "entrainement", "entrenamiento", "allenamento", "treino"),
    *("trening", "traning", "trænin", "harjoit", "edzes", "antrenman", "тренировк", "練習", "训练", "訓練", "훈련"),
    *("einlaufen", "auslaufen", "warmup", "cooldown", "shakeout", "recovery", "prep", "interval", "volunteer"),
    *(
        "taper",
        "recce",
        "reconnaiss",
        "besichtigung",
        "cheer",
        "spectat",
        "regenerat",
        "recuper",
        "подготовк",
        "восстановл",
    ),
)
_TRAINING_WORDS = frozenset(
    (
        *(
            "pace",
            "paced",
            "pacing",
            "pacer",
            "easy",
            "recon",
            "build",
            "buildup",
            "jog",
            "jogging",
            "jogged",
            "footing",
        ),
        *("expo", "marathonplan", "sonrasi", "oncesi", "jalkeen"),
    )
)
_TRAINING_PHRASES = re.compile(
    r"warm up|cool down|track session|long run|sortie longue|rodaje|week \d|freedom parkrun|parkrun freedom"
    r"|race (day )?(week|minus|plan|simulation|rehearsal)"
)
# What denies a race word that follows at once, and what denies one with another word between: "after Berlin Marathon".
_NOT = frozenset(
    ("not", "no", "non", "kein", "keine", "pas", "sin", "sem", "senza", "geen", "bez", "ikke", "inte", "nie")
)
_BEFORE_OR_AFTER = frozenset(
    (
        *(
            "after",
            "before",
            "pre",
            "post",
            "nach",
            "vor",
            "fur",
            "apres",
            "avant",
            "despues",
            "antes",
            "depois",
            "dopo",
        ),
        *(
            "prima",
            "voor",
            "po",
            "przed",
            "pred",
            "efter",
            "etter",
            "fore",
            "før",
            "innan",
            "ennen",
            "после",
            "перед",
            "до",
        ),
    )
)
_ARTICLES = frozenset(
    (
        *(
            "the",
            "a",
            "an",
            "my",
            "our",
            "dem",
            "der",
            "den",
            "das",
            "die",
            "le",
            "la",
            "les",
            "l",
            "un",
            "une",
            "el",
            "los",
        ),
        *("de", "del", "do", "da", "della", "il", "lo", "gli", "het", "een", "su", "of"),
    )
)


def plain_words(title: str) -> list[str]:
    """The words of a title without case and accents."""
    decomposed = unicodedata.normalize(
        "NFKD", title.casefold().replace("\u0131", "i")
    )  # Turkish has an i without a dot
    # Composed again, so that kana and hangul are whole letters; accents of Latin, Greek and Cyrillic ones are gone.
    kept = "".join(letter for letter in decomposed if not "\u0300" <= letter <= "\u036f")
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", kept))


def race_word(title: str) -> str | None:
    """The word of a title that says it was a race, as it is compared; None without one."""
    words = plain_words(title)
    found = next(filter(_is_race_word, words), None)
    if found is not None:
        return found
    phrase = _RACE_PHRASES.search(" ".join(words))
    return phrase.group() if phrase else None


def training_word(title: str) -> str | None:
    """The word of a title that says it was no race, whatever else it says: "marathon training", "after the race"."""
    words = plain_words(title)
    for word in words:
        if word in _TRAINING_WORDS or any(part in word for part in _comparable(_TRAINING_PARTS)):
            return word
    phrase = _TRAINING_PHRASES.search(" ".join(words))
    return phrase.group() if phrase else _denial(words)


def _denial(words: Sequence[str]) -> str | None:
    """The word that denies every race word among these; None where one is left."""
    denied_by = None
    plain = " ".join(words).replace("after work", "")  # such a race is one
    words = [word for word in plain.split() if word not in _ARTICLES]
    for place, word in enumerate(words):
        if not _is_race_word(word):
            continue
        before = words[max(place - 2, 0) : place]
        if before and before[-1] in _NOT:
            denied_by = before[-1]
            continue
        around = next((one for one in before if one in _BEFORE_OR_AFTER), None)
        if around is None:
            return None
        denied_by = around
    return denied_by


def _is_race_word(word: str) -> bool:
    return word in _RACE_WORDS or any(part in word for part in _comparable(_RACE_PARTS))


@cache
def _comparable(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The parts as titles are compared with them; once, for that costs more than looking for them."""
    return tuple("".join(plain_words(part)) for part in parts)
