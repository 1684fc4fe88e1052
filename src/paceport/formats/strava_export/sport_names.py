"""The names of sports as exports write them, in the languages they were seen in."""

from collections.abc import Mapping

from paceport.formats.strava_export.comparable_text import make_comparable
from paceport.sports import SPORT_TYPES

# Sport words seen in exports, or in the readers of exports → Strava's own words of the API ("SportType").
_SEEN = {
    "Run": "Lauf, Laufen, Course à pied, Carrera, Corrida, Corsa, Hardloopsessie, Бег, Běh, Bieganie, ランニング, "
    "Løpetur, Løb, Løbebånd",
    "TrailRun": "Traillauf, Trail, Trailový běh, Terrengløp, Trailløb",
    "VirtualRun": "Virtueller Lauf, Course à pied virtuelle, Corsa virtuale, Virtuální běh, Virtuelt løp, Virtuelt løb",
    "Ride": "Radfahrt, Vélo, Sortie vélo, Bicicleta, Pedalada, Fietsrit, Велосипед, Jízda, Jazda, 骑行, ライド, "
    "Sykkeltur, Cykling, Cykeltur",
    "VirtualRide": "Virtuelle Radfahrt, Virtuele fietsrit, Virtuální jízda, Virtuell sykkeltur, Virtuel cykling",
    "MountainBikeRide": "Mountainbikefahrt", "GravelRide": "Gravelfahrt", "EBikeRide": "E-Bike-Fahrt, El-sykkeltur",
    "Walk": "Spaziergang, Marche, Caminata, Caminhada, Wandeling, Chůze, Spacer, Gåtur, ウォーキング",
    "Hike": "Wandern, Randonnée, Senderismo, Hiken, Turistika, Fottur, ハイキング",
    "Swim": "Schwimmen, Natation, Natación, Natação, Plavání, Svømming, Svømning, 水泳",
    "WeightTraining": "Gewichtstraining, Entraînement aux poids, Entrenamiento con pesas, Treinamento com peso, "
    "Krachttraining, Силовая тренировка, Posilování",
    "Workout": "Training, Entraînement, Entrenamiento, Allenamento generico, Тренировка, Trénink, Treningsøkt",
    "NordicSki": "Běh na lyžích, Běžecké lyžování, Langrenn", "Rowing": "Remo", "Elliptical": "Elíptico",
    "Kayaking": "Caiaque",
}  # fmt: skip
# The everyday words of languages whose exports were not seen. A track that says its sport itself overrules none of
# these; a word that is not here is learnt from the tracks.
_EVERYDAY = {
    "Run": "달리기, 러닝, 런닝, 跑步, Löpning, Löprunda, Löppass, Juoksu, Bieg, Futás, Koşu, Alergare, Τρέξιμο, Lari, "
    "วิ่ง, Chạy, Chạy bộ, Cursa",
    "TrailRun": "트레일 러닝, 越野跑, Traillöpning, Polkujuoksu, Bieg trailowy, Terepfutás, Corsa trail, Трейлраннинг",
    "Ride": "라이딩, 자전거, 사이클링, 騎乘, 自行車, Cykeltur, Pyöräily, Giro in bici, Pedalata, Kerékpározás, "
    "Bisiklet, Ποδηλασία, Bersepeda, ปั่นจักรยาน, Đạp xe",
    "Walk": "걷기, 步行, Promenad, Kävely, Camminata, Ходьба, Gyaloglás, Yürüyüş, Περπάτημα, Jalan kaki, Đi bộ",
    "Hike": "하이킹, 등산, 健行, 徒步, Vandring, Patikointi, Vaellus, Escursione, Поход, Wędrówka, Túra",
    "Swim": "수영, 游泳, Simning, Uinti, Nuoto, Плавание, Pływanie, Úszás, Yüzme, Înot, Κολύμβηση, Renang, Bơi",
}  # fmt: skip


def _sports() -> dict[str, str]:
    words = {
        make_comparable(word): sport
        for table in (_EVERYDAY, _SEEN)
        for sport, listed in table.items()
        for word in listed.split(",")
    }
    return words | {
        make_comparable(spelling): sport
        for sport in SPORT_TYPES
        for spelling in (sport, "".join(f" {char}" if char.isupper() else char for char in sport))
    }


SPORTS = _sports()


def sport_word(given: str, extra: Mapping[str, str] | None = None) -> str | None:
    """Strava's word for a sport as an export writes it, in any language seen; None if it was not seen."""
    return (extra or {}).get(make_comparable(given)) or SPORTS.get(make_comparable(given))
