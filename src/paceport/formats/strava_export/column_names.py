"""The column names of real exports, in the languages they were seen in.

A header is listed only where a real header row, or code that reads one's author's own export, was read; what is not
listed is found by structure (`find_columns.py`) or asked for. Sources, all read on 22 November 2026:

en  geo-activity-playground issues 403 and 348 and its `importers/strava_checkout.py`; the ten columns of 2019 and the
    lower-case ones before them: hugovk/strava-tools pull requests 1 and 2
de  header rows posted in geo-activity-playground issues 86, 112, 191, 348, 393 (2024 to 2025); dates: issue 86
fr  header row in a public reader's test of a real export (`csv_enricher`, 39 activities); a second reader (RunQuest,
    `parseStravaArchiveCsv`) for the heart rate, cadence and steps columns and the dates ("1 juil. 2026, 03:45:40")
es  a header row marked as real and shortened in a public reader's test (`running_coach.importers.strava_csv`)
pt  a public map builder that reads its author's export of 2026 ("8 de set. de 2026, 06:47:55"), and a column list in
    a public SQLite project
nl  four public readers of their authors' exports (nestorowicz.nl `sanitise_strava.py`; two dashboards
    `genereer_dashboard`; a web importer's test with dates "6 mrt. 2024 14:23:15")
ru  two exports of 982 and 3,028 activities (Grom; a summary app's `StravaExportParser`). The shown distance and the
    machine's have two different names here
cs  3,490 activities (schacherlhonza/peakform `StravaActivitiesCsvReader`) and a second reader
it  two readers of real exports that agree; heart rate, gear and climb were not seen in full
pl  carlx/strava-rekord `importCsv.js` and a second reader; nb a reader `parseStravaManifest`; da a reader that says it
    covers Danish exports; zh 999bug/cycling-analyzer; ja peipeipe/activity-map and a script of 2022

Some columns have two wordings in one language: both occur. Strava's support pages give no list. Korean, traditional
Chinese, Swedish, Finnish and others were not seen: their columns are found by order and values, not by words.
"""

from collections.abc import Sequence

from paceport.formats.strava_export.comparable_text import make_comparable
from paceport.formats.strava_export.dates import DateOrder

# The machine's order of the 94-column export of 2022 to 2025, by our names; None is kept verbatim only. A name that
# stands twice in the file has `shown_…` for its first place: what the athlete's page shows, in the athlete's units.
ORDER: tuple[str | None, ...] = (
    *("id", "date", "name", "sport", "description", "shown_elapsed_time", "shown_distance", "shown_max_heartrate"),
    *("shown_relative_effort", "shown_commute", "private_note", "gear", "filename", None, None),
    *("elapsed_time_s", "moving_time_s", "distance_m", "max_speed_mps", "average_speed_mps", "elevation_gain_m"),
    *("elevation_loss_m", "elevation_low_m", "elevation_high_m", None, None, None, None, "max_cadence"),
    *("average_cadence", "max_heartrate_bpm", "average_heartrate_bpm", "max_power_w", "average_power_w"),
    *("calories_kcal", None, "temperature_c", "relative_effort"),
)

# The five names that stand twice: field of the first place → field of the second.
DOUBLED = {
    "shown_elapsed_time": "elapsed_time_s",
    "shown_distance": "distance_m",
    "shown_max_heartrate": "max_heartrate_bpm",
    "shown_relative_effort": "relative_effort",
    "shown_commute": "commute",
}

_EN = {
    "Activity ID": "id", "Activity Date": "date", "Activity Name": "name", "Activity Type": "sport",
    "Activity Description": "description", "Elapsed Time": "elapsed_time_s", "Distance": "distance_m",
    "Max Heart Rate": "max_heartrate_bpm", "Relative Effort": "relative_effort", "Commute": "commute",
    "Activity Private Note": "private_note", "Activity Gear": "gear", "Filename": "filename",
    "Moving Time": "moving_time_s", "Max Speed": "max_speed_mps", "Average Speed": "average_speed_mps",
    "Elevation Gain": "elevation_gain_m", "Elevation Loss": "elevation_loss_m", "Elevation Low": "elevation_low_m",
    "Elevation High": "elevation_high_m", "Max Cadence": "max_cadence", "Average Cadence": "average_cadence",
    "Average Heart Rate": "average_heartrate_bpm", "Max Watts": "max_power_w", "Average Watts": "average_power_w",
    "Calories": "calories_kcal", "Average Temperature": "temperature_c", "Total Steps": "steps",
    "Average Grade Adjusted Pace": "average_gap_mps", "Grade Adjusted Distance": "grade_adjusted_distance_m",
    "Perceived Exertion": "perceived_exertion", "Training Load": "training_load",
}  # fmt: skip
# Names of the newest exports, in English, of which nothing is read: the cells are kept as they were written.
_KEPT_AS_WRITTEN = (
    "Athlete Weight,Bike Weight,Max Grade,Average Grade,Average Positive Grade,Average Negative Grade,"
    "Max Temperature,Total Work,Number of Runs,Uphill Time,Downhill Time,Other Time,Type,Start Time,"
    "Weighted Average Power,Power Count,Prefer Perceived Exertion,Perceived Relative Effort,Total Weight Lifted,"
    "From Upload,Weather Observation Time,Weather Condition,Weather Temperature,Apparent Temperature,Dewpoint,"
    "Humidity,Weather Pressure,Wind Speed,Wind Gust,Wind Bearing,Precipitation Intensity,Sunrise Time,Sunset Time,"
    "Moon Phase,Bike,Gear,Precipitation Probability,Precipitation Type,Cloud Cover,Weather Visibility,UV Index,"
    "Weather Ozone,Jump Count,Total Grit,Average Flow,Flagged,Average Elapsed Speed,Dirt Distance,"
    "Newly Explored Distance,Newly Explored Dirt Distance,Activity Count,Carbon Saved,Pool Length,Intensity,"
    "Timer Time,Total Cycles,Recovery,With Pet,Competition,Long Run,For a Cause,With Kid,Downhill Distance,"
    "Total Sets,Total Reps,Media"
)
# Exports before July 2019: ten lower-case names, one distance in metres (hugovk/strava-tools pull request 2).
_EN_2018 = {
    "id": "id", "date": "date", "name": "name", "type": "sport", "description": "description",
    "elapsed_time": "elapsed_time_s", "distance": "old_distance_m", "commute": "commute", "gear": "gear",
    "filename": "filename",
}  # fmt: skip
_DE = {
    "Aktivitäts-ID": "id", "Aktivitätsdatum": "date", "Datum der Aktivität": "date", "Aktivitätstyp": "sport",
    "Name der Aktivität": "name", "Aktivitätsart": "sport",
    "Aktivitätsbeschreibung": "description", "Verstrichene Zeit": "elapsed_time_s", "Distanz": "distance_m",
    "Max. Herzfrequenz": "max_heartrate_bpm", "Relative Leistung": "relative_effort", "Pendeln": "commute",
    "Hinweis zur Privatsphäre für Aktivitäten": "private_note", "Aktivitätsausrüstung": "gear",
    "Dateiname": "filename", "Bewegungszeit": "moving_time_s", "Höchstgeschw.": "max_speed_mps",
    "Durchschnittliche Geschwindigkeit": "average_speed_mps", "Höhenzunahme": "elevation_gain_m",
    "Höhenunterschied": "elevation_loss_m", "Min. Höhe": "elevation_low_m", "Max. Höhe": "elevation_high_m",
    "Max. Tritt-/Schrittfrequenz": "max_cadence", "Durchschnittliche Trittfrequenz": "average_cadence",
    "Durchschnittliche Herzfrequenz": "average_heartrate_bpm", "Max. Watt": "max_power_w",
    "Durchschnittliche Watt": "average_power_w", "Kalorien": "calories_kcal",
    "Durchschnittliche Temperatur": "temperature_c", "Schritte insgesamt": "steps",
    "Durchschnittliches auf Steigung angepasstes Tempo": "average_gap_mps",
    "Auf Steigung angepasste Distanz": "grade_adjusted_distance_m", "Gefühlte Anstrengung": "perceived_exertion",
    "Trainingsbelastung": "training_load",
}  # fmt: skip
_FR = {
    "ID de l'activité": "id", "Date de l'activité": "date", "Nom de l'activité": "name", "Type d'activité": "sport",
    "Description de l'activité": "description", "Temps écoulé": "elapsed_time_s", "Distance": "distance_m",
    "Fréquence cardiaque max.": "max_heartrate_bpm", "Effort relatif": "relative_effort",
    "Déplacement-transport": "commute", "Note privée sur les activités": "private_note",
    "Matériel utilisé pour l'activité": "gear", "Nom du fichier": "filename", "Durée de déplacement": "moving_time_s",
    "Vitesse max.": "max_speed_mps", "Vitesse moyenne": "average_speed_mps", "Dénivelé positif": "elevation_gain_m",
    "Fréquence cardiaque moyenne": "average_heartrate_bpm", "Cadence moyenne": "average_cadence",
    "Calories": "calories_kcal", "Nombre total de pas": "steps", "Dénivelé négatif": "elevation_loss_m",
    "Altitude min.": "elevation_low_m", "Altitude max.": "elevation_high_m", "Puissance moyenne": "average_power_w",
    "Température moyenne": "temperature_c", "Effort ressenti": "perceived_exertion",
    "Distance ajustée selon la pente": "grade_adjusted_distance_m", "Charge d'entraînement": "training_load",
    "Vitesse moyenne ajustée selon la pente": "average_gap_mps",
}  # fmt: skip
_ES = {
    "ID de actividad": "id", "Tipo de actividad": "sport", "Descripción de la actividad": "description",
    "Tiempo transcurrido": "elapsed_time_s", "Distancia": "distance_m", "Nota privada de actividad": "private_note",
    "Nombre del archivo": "filename", "Tiempo en movimiento": "moving_time_s", "Desnivel positivo": "elevation_gain_m",
    "Esfuerzo Percibido": "perceived_exertion", "Fecha de la actividad": "date", "Nombre de la actividad": "name",
    "Ritmo cardiaco máximo": "max_heartrate_bpm", "Ritmo cardíaco máximo": "max_heartrate_bpm",
    "Ritmo cardiaco promedio": "average_heartrate_bpm", "Ritmo cardíaco promedio": "average_heartrate_bpm",
    "Velocidad promedio": "average_speed_mps",
}  # fmt: skip
_PT = {
    "ID da atividade": "id", "Data da atividade": "date", "Nome da atividade": "name", "Tipo de atividade": "sport",
    "Nome do arquivo": "filename", "Tempo de movimentação": "moving_time_s", "Distância": "distance_m",
    "Ganho de elevação": "elevation_gain_m", "Elevação máxima": "elevation_high_m", "Calorias": "calories_kcal",
    "Equipamento da atividade": "gear", "Tempo decorrido": "elapsed_time_s", "Esforço relativo": "relative_effort",
    "Frequência cardíaca máxima": "max_heartrate_bpm", "Frequência cardíaca média": "average_heartrate_bpm",
    "Velocidade máx.": "max_speed_mps", "Velocidade média": "average_speed_mps", "Cadência média": "average_cadence",
    "Máximo de watts": "max_power_w", "Média de watts": "average_power_w", "Temperatura média": "temperature_c",
}  # fmt: skip
_NL = {
    "Activiteits-ID": "id", "Datum van activiteit": "date", "Naam activiteit": "name", "Naam van activiteit": "name",
    "Activiteitstype": "sport", "Verstreken tijd": "elapsed_time_s", "Afstand": "distance_m",
    "Woon-werkverkeer": "commute", "Materiaal voor activiteit": "gear", "Uitrusting voor activiteit": "gear",
    "Bestandsnaam": "filename", "Beweegtijd": "moving_time_s", "Hoogtewinst": "elevation_gain_m",
    "Totale stijging": "elevation_gain_m", "Gemiddelde hartslag": "average_heartrate_bpm",
    "Max. hartslag": "max_heartrate_bpm", "Gemiddelde snelheid": "average_speed_mps",
    "Maximaal wattage": "max_power_w", "Beschrijving van activiteit": "description",
    "Gemiddelde cadans": "average_cadence", "Calorieën": "calories_kcal", "Ervaren inspanning": "perceived_exertion",
    "Trainingsbelasting": "training_load",
}  # fmt: skip
_RU = {
    "ID физической активности": "id", "ID тренировки": "id", "Дата тренировки": "date", "Название тренировки": "name",
    "Тип активности": "sport", "Описание": "description", "Общее время": "elapsed_time_s",
    "Время в движении": "moving_time_s", "Расстояние": "shown_distance", "Дистанция": "distance_m",
    "Снаряжение": "gear", "Название файла": "filename", "На работу": "commute", "Регулярный маршрут": "commute",
    "Макс. пульс": "max_heartrate_bpm", "Средний пульс": "average_heartrate_bpm", "Набор высоты": "elevation_gain_m",
    "Относительное усилие": "relative_effort", "Макс. скорость": "max_speed_mps", "Средняя скорость":
    "average_speed_mps", "Высота спуска": "elevation_loss_m", "Высота низменности": "elevation_low_m",
    "Высота подъема": "elevation_high_m", "Макс. каденс": "max_cadence", "Средний каденс": "average_cadence",
    "Калории": "calories_kcal", "Средняя температура": "temperature_c", "Всего шагов": "steps",
}  # fmt: skip
_CS = {
    "ID aktivity": "id", "Datum aktivity": "date", "Název aktivity": "name", "Typ aktivity": "sport",
    "Popis aktivity": "description", "Uplynulý čas": "elapsed_time_s", "Aktivní čas": "moving_time_s",
    "Vzdálenost": "distance_m", "Vybavení na aktivitu": "gear", "Název souboru": "filename", "Dojíždění": "commute",
    "Maximální tepová frekvence": "max_heartrate_bpm", "Průměrná tepová frekvence": "average_heartrate_bpm",
    "Nastoupaná výška": "elevation_gain_m", "Relativní úsilí": "relative_effort",
    "Soukromá poznámka k aktivitě": "private_note", "Maximální rychlost": "max_speed_mps",
    "Průměrná rychlost": "average_speed_mps", "Naklesaná výška": "elevation_loss_m",
    "Maximální kadence": "max_cadence", "Průměrná kadence": "average_cadence", "Kalorie": "calories_kcal",
    "Celkový počet kroků": "steps",
}  # fmt: skip
_IT = {
    "ID attività": "id", "Data dell'attività": "date", "Nome attività": "name", "Tipo attività": "sport",
    "Descrizione dell'attività": "description", "Tempo trascorso": "elapsed_time_s",
    "Tempo in movimento": "moving_time_s", "Distanza": "distance_m", "Nome del file": "filename",
    "Frequenza cardiaca media": "average_heartrate_bpm", "Calorie": "calories_kcal",
    "Nota privata sulle attività": "private_note",
}  # fmt: skip
_PL = {
    "Identyfikator aktywności": "id", "Data aktywności": "date", "Nazwa aktywności": "name",
    "Rodzaj aktywności": "sport", "Czas całkowity": "elapsed_time_s", "Czas ruchu": "moving_time_s",
    "Dystans": "distance_m", "Średnia prędkość": "average_speed_mps", "Maksymalna prędkość": "max_speed_mps",
}  # fmt: skip
_NB = {
    "Aktivitets-ID": "id", "Aktivitetsdato": "date", "Aktivitetsnavn": "name", "Aktivitetstype": "sport",
    "Totaltid": "elapsed_time_s", "Bevegelsestid": "moving_time_s", "Distanse": "distance_m", "Filnavn": "filename",
}  # fmt: skip
_DA = {
    "Varighed": "elapsed_time_s", "Tid i bevægelse": "moving_time_s", "Distance": "distance_m",
    "Oplevet indsats": "perceived_exertion",
}  # fmt: skip
_ZH = {
    "活动 ID": "id", "活动日期": "date", "活动名称": "name", "活动类型": "sport", "活动描述": "description",
    "全程耗时": "elapsed_time_s", "距离": "distance_m", "文件名": "filename", "平均瓦特数": "average_power_w",
    "最大瓦特数": "max_power_w",
}  # fmt: skip
_JA = {
    "アクティビティID": "id", "アクティビティ実行日": "date", "アクティビティ名": "name",
    "アクティビティタイプ": "sport", "経過時間": "elapsed_time_s", "移動時間": "moving_time_s", "距離": "distance_m",
    "ファイル名": "filename", "獲得標高": "elevation_gain_m",
}  # fmt: skip
LANGUAGES = {
    "en": _EN, "de": _DE, "fr": _FR, "es": _ES, "pt": _PT, "nl": _NL, "ru": _RU, "cs": _CS, "it": _IT, "pl": _PL,
    "nb": _NB, "da": _NB | _DA, "zh": _ZH, "ja": _JA,
}  # fmt: skip
_YEAR_FIRST = frozenset({"zh", "ja"})

KEPT_AS_WRITTEN = frozenset(map(make_comparable, _KEPT_AS_WRITTEN.split(",")))
HEADERS = {make_comparable(word): field for table in LANGUAGES.values() for word, field in table.items()}
# Written as they stand in the file: only the exact lower-case spelling is the old export.
OLD_HEADERS = _EN_2018
FIELDS = frozenset(HEADERS.values()) | {name for name in ORDER if name} | {"distance_km", "distance_mi"}


def date_order_of_language(header: Sequence[str]) -> DateOrder | None:
    """The order in which the language of a header writes dates in figures: day first, or year first in the east.

    None for English, which has both, and where the words are not known.
    """
    words = {make_comparable(name) for name in header}
    counts = {language: len(words & {make_comparable(word) for word in table}) for language, table in LANGUAGES.items()}
    likeliest = max(counts, key=lambda language: counts[language])
    if likeliest == "en" or counts[likeliest] < 3:
        return None
    return "ymd" if likeliest in _YEAR_FIRST else "dmy"
