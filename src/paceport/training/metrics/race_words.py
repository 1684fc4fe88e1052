"""Words in the title of a run that say it was a race, or that it was not, in many languages."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# Titles are compared without case and accents: "Półmaraton" holds "maraton". What is not here, and why: "Lauf",
# "Course", "Carrera", "Corrida", "loop", "løb", "bieg" and "забег" stand in the titles that Strava itself gives to all
# runs ("Lauf am Morgen", "Course à pied le matin", "Carrera de mañana"); "media", "meia" and "prova" are common words.
_RACE_WORDS = frozenset(
    (
        *("race", "races", "champs", "championship", "championships", "regionals", "nationals"),  # English
        *("meisterschaft", "meisterschaften", "bestenkampf"),  # German
        *("competition", "championnat", "championnats", "foulees", "ekiden"),  # French
        *("competicion", "campeonato", "silvestre", "competicao"),  # Spanish, Portuguese
        *("gara", "campionato", "campionati", "mezza", "stramilano"),  # Italian
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
    *("marathon", "maraton", "марафон", "μαραθων", "parkrun", "wettkampf"),
    *("volkslauf", "stadtlauf", "citylauf", "silvesterlauf", "firmenlauf", "nikolauslauf", "frauenlauf", "loppet"),
    *("マラソン", "大会", "レース", "马拉松", "馬拉松", "比赛", "比賽", "마라톤", "대회"),
)
_TRAINING_PARTS = (
    *("training", "workout", "tempo", "vorbereitung", "entrainement", "entrenamiento", "allenamento", "treino"),
    *("trening", "traning", "trænin", "harjoit", "edzes", "antrenman", "тренировк", "練習", "训练", "訓練", "훈련"),
    *("einlaufen", "auslaufen", "warmup", "cooldown", "shakeout", "recovery", "prep", "interval", "volunteer"),
)
_TRAINING_WORDS = frozenset(("pace", "paced", "easy", "recon"))
_TRAINING_PHRASES = re.compile(r"warm up|cool down|track session|long run|week \d")


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
    for word in plain_words(title):
        if word in _RACE_WORDS or any(part in word for part in _comparable(_RACE_PARTS)):
            return word
    return None


def training_word(title: str) -> str | None:
    """The word of a title that says it was no race, whatever else it says: "marathon training", "race pace"."""
    words = plain_words(title)
    for word in words:
        if word in _TRAINING_WORDS or any(part in word for part in _comparable(_TRAINING_PARTS)):
            return word
    phrase = _TRAINING_PHRASES.search(" ".join(words))
    return phrase.group() if phrase else None


@cache
def _comparable(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The parts as titles are compared with them; once, for that costs more than looking for them."""
    return tuple("".join(plain_words(part)) for part in parts)
