"""The dates and sport words that exports were seen with, each as it stood there, and near twins among the columns."""

from datetime import UTC, datetime

import pytest

from makers.export_writer import ENGLISH
from paceport.formats.strava_export.dates import read_date
from paceport.formats.strava_export.find_columns import find_columns
from paceport.formats.strava_export.sport_names import sport_word

# Older patterns of a language stand beside its present one; blanks are as written, no-break ones too.
DATES = {
    "Sep 6, 2026, 11:18:40 AM": (2026, 9, 6, 11, 18, 40),
    "Sep 6, 2026, 11:18:40\u202fAM": (2026, 9, 6, 11, 18, 40),
    "26 Aug 2023, 13:50:06": (2023, 8, 26, 13, 50, 6),
    "May 29, 2022, 3:53:35 PM": (2022, 5, 29, 15, 53, 35),
    "29.05.2022, 15:53:35": (2022, 5, 29, 15, 53, 35),
    "29.06.2026, 16:23:46": (2026, 6, 29, 16, 23, 46),
    "27 juil. 2026, 03:45:40": (2026, 7, 27, 3, 45, 40),
    "24 mai 2012 à 16:27:40": (2012, 5, 24, 16, 27, 40),
    "2 ago 2026, 17:43:26": (2026, 8, 2, 17, 43, 26),
    "9 jun 2026, 17:09:50": (2026, 6, 9, 17, 9, 50),
    "9 jun 2026, 5:09:50 p.m.": (2026, 6, 9, 17, 9, 50),
    "9 jun 2026, 5:09:50\xa0p.\xa0m.": (2026, 6, 9, 17, 9, 50),
    "23 de ago. de 2026, 07:18:50": (2026, 8, 23, 7, 18, 50),
    "9 mei 2026, 19:00:00": (2026, 5, 9, 19, 0, 0),
    "6 mrt. 2024 14:23:15": (2024, 3, 6, 14, 23, 15),
    "14 сент. 2026 г., 02:23:39": (2026, 9, 14, 2, 23, 39),
    "14 сент. 2026\u202fг., 02:23:39": (2026, 9, 14, 2, 23, 39),
    "6. 9. 2026 11:18:40": (2026, 9, 6, 11, 18, 40),
    "2 lip 2026, 16:00:47": (2026, 7, 2, 16, 0, 47),
    "2026年8月16日 09:01:41": (2026, 8, 16, 9, 1, 41),
    "2026/06/29 20:14:15": (2026, 6, 29, 20, 14, 15),
    "1. mai 2020, 08.00.00": (2020, 5, 1, 8, 0, 0),
    "9. des. 2026, 07:09:05": (2026, 12, 9, 7, 9, 5),
    "9. jun. 2026, 17.09.50": (2026, 6, 9, 17, 9, 50),
    "9. maj 2026, 17.09.50": (2026, 5, 9, 17, 9, 50),
    "2026. 6. 9. PM 5:09:50": (2026, 6, 9, 17, 9, 50),
    "2026. 6. 9. 오후 5:09:50": (2026, 6, 9, 17, 9, 50),
    "2026年6月9日 下午5:09:50": (2026, 6, 9, 17, 9, 50),
    "2026年6月9日 清晨5:09:50": (2026, 6, 9, 5, 9, 50),
    "2026年6月9日 上午5:09:50": (2026, 6, 9, 5, 9, 50),
    "9 juni 2026 17:09:50": (2026, 6, 9, 17, 9, 50),
    "9.6.2026 klo 17.09.50": (2026, 6, 9, 17, 9, 50),
    "2026. jún. 9. 17:09:50": (2026, 6, 9, 17, 9, 50),
    "9 Haz 2026 17:09:50": (2026, 6, 9, 17, 9, 50),
    "9 iun. 2026, 17:09:50": (2026, 6, 9, 17, 9, 50),
    "9 Ιουν 2026, 5:09:50 μ.μ.": (2026, 6, 9, 17, 9, 50),
    "9 Jun 2026, 17.09.50": (2026, 6, 9, 17, 9, 50),
    "9 มิ.ย. 2569 17:09:50": (2026, 6, 9, 17, 9, 50),
    "17:09:50 9 thg 6, 2026": (2026, 6, 9, 17, 9, 50),
    "9 de juny 2026, 17:09:50": (2026, 6, 9, 17, 9, 50),
}
SPORTS = {
    "Run": "Lauf, Course à pied, Carrera, Corrida, Hardloopsessie, Бег, Běh, ランニング, Løpetur, Løb, Løbebånd, "
    "Corsa, Bieganie, Laufen",
    "Ride": "Radfahrt, Vélo, Bicicleta, Pedalada, Fietsrit, Велосипед, Jízda, Jazda, 骑行, Sykkeltur, Cykling, "
    "Cykeltur, ライド, Sortie vélo",
    "VirtualRide": "Virtuelle Radfahrt, Virtuele fietsrit, Virtuální jízda, Virtuell sykkeltur, Virtuel cykling",
    "Walk": "Spaziergang, Marche, Caminata, Caminhada, Wandeling, Chůze, Spacer, Gåtur, ウォーキング",
    "Hike": "Wandern, Randonnée, Senderismo, Hiken, Turistika, Fottur, ハイキング",
    "Swim": "Schwimmen, Natation, Natación, Natação, Plavání, Svømming, Svømning, 水泳",
    "WeightTraining": "Gewichtstraining, Entraînement aux poids, Entrenamiento con pesas, Treinamento com peso, "
    "Krachttraining, Силовая тренировка, Posilování",
    "Workout": "Training, Entrenamiento, Allenamento generico, Тренировка, Trénink, Treningsøkt",
    "TrailRun": "Traillauf, Trail, Trailový běh, Terrengløp, Trailløb, Trail Run",
    "VirtualRun": "Virtueller Lauf, Course à pied virtuelle, Corsa virtuale, Virtuální běh, Virtuelt løp, Virtuelt løb",
    "MountainBikeRide": "Mountainbikefahrt",
    "GravelRide": "Gravelfahrt",
    "EBikeRide": "E-Bike-Fahrt, El-sykkeltur",
    "NordicSki": "Běh na lyžích, Běžecké lyžování, Langrenn",
    "Rowing": "Remo",
    "Elliptical": "Elíptico",
    "Kayaking": "Caiaque",
}
ENDING = ["Weather Temperature", "Bike", "Gear", "Average Grade Adjusted Pace", "Timer Time", "Total Sets", "Media"]


@pytest.mark.parametrize("text", DATES)
def test_a_date_is_read_as_it_was_seen(text: str) -> None:
    assert read_date(text) == datetime(*DATES[text], tzinfo=UTC)


@pytest.mark.parametrize("sport", SPORTS)
def test_the_words_for_a_sport_are_read_as_they_were_seen(sport: str) -> None:
    words = SPORTS[sport].split(", ")

    assert {word: sport_word(word) for word in words} == dict.fromkeys(words, sport)


def test_near_twins_among_the_columns_are_kept_apart() -> None:
    header = [*ENGLISH, *ENDING]
    row = {"Activity ID": "7000000017", "Activity Date": "Sep 6, 2026, 11:18:40 AM", "Activity Type": "Run"}
    row |= {"Filename": "activities/1.fit.gz", "Type": "0.0", "Gear": "9876.0", "Bike": "5.0", "Activity Gear": "Shoe"}
    row |= {"Perceived Exertion": "5", "Prefer Perceived Exertion": "0.0", "Average Grade Adjusted Pace": "2.46"}
    row |= {"Weather Temperature": "31.0", "Average Temperature": "20"}
    columns = find_columns(header, [[row.get(name, "") for name in header]], tracks=True)

    names = {field: header[columns.index(field) or 0] for field in columns.field_at if field}
    assert {
        field: names[field] for field in ("sport", "gear", "perceived_exertion", "average_gap_mps", "temperature_c")
    } == {
        "sport": "Activity Type",
        "gear": "Activity Gear",
        "perceived_exertion": "Perceived Exertion",
        "average_gap_mps": "Average Grade Adjusted Pace",
        "temperature_c": "Average Temperature",
    }
    assert not {"Type", "Gear", "Bike", "Prefer Perceived Exertion", "Weather Temperature"} & set(names.values())
