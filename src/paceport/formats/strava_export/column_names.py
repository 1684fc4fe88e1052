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

Dutch has two wordings for some columns: both occur. Strava's support pages give no list.
"""

from paceport.formats.strava_export.comparable_text import make_comparable

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
# Exports before July 2019: ten lower-case names, one distance in metres (hugovk/strava-tools pull request 2).
_EN_2018 = {
    "id": "id", "date": "date", "name": "name", "type": "sport", "description": "description",
    "elapsed_time": "elapsed_time_s", "distance": "old_distance_m", "commute": "commute", "gear": "gear",
    "filename": "filename",
}  # fmt: skip
_DE = {
    "Aktivitäts-ID": "id", "Aktivitätsdatum": "date", "Name der Aktivität": "name", "Aktivitätsart": "sport",
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
    "Calories": "calories_kcal", "Nombre total de pas": "steps",
}  # fmt: skip
_ES = {
    "ID de actividad": "id", "Tipo de actividad": "sport", "Descripción de la actividad": "description",
    "Tiempo transcurrido": "elapsed_time_s", "Distancia": "distance_m", "Nota privada de actividad": "private_note",
    "Nombre del archivo": "filename", "Tiempo en movimiento": "moving_time_s", "Desnivel positivo": "elevation_gain_m",
    "Esfuerzo Percibido": "perceived_exertion",
}  # fmt: skip
_PT = {
    "ID da atividade": "id", "Data da atividade": "date", "Nome da atividade": "name", "Tipo de atividade": "sport",
    "Nome do arquivo": "filename", "Tempo de movimentação": "moving_time_s", "Distância": "distance_m",
    "Ganho de elevação": "elevation_gain_m", "Elevação máxima": "elevation_high_m", "Calorias": "calories_kcal",
    "Equipamento da atividade": "gear",
}  # fmt: skip
_NL = {
    "Activiteits-ID": "id", "Datum van activiteit": "date", "Naam activiteit": "name", "Naam van activiteit": "name",
    "Activiteitstype": "sport", "Verstreken tijd": "elapsed_time_s", "Afstand": "distance_m",
    "Woon-werkverkeer": "commute", "Materiaal voor activiteit": "gear", "Uitrusting voor activiteit": "gear",
    "Bestandsnaam": "filename", "Beweegtijd": "moving_time_s", "Hoogtewinst": "elevation_gain_m",
    "Totale stijging": "elevation_gain_m", "Gemiddelde hartslag": "average_heartrate_bpm",
    "Max. hartslag": "max_heartrate_bpm", "Gemiddelde snelheid": "average_speed_mps",
    "Maximaal wattage": "max_power_w",
}  # fmt: skip


HEADERS = {make_comparable(word): field for table in (_EN, _DE, _FR, _ES, _PT, _NL) for word, field in table.items()}
# Written as they stand in the file: only the exact lower-case spelling is the old export.
OLD_HEADERS = _EN_2018
FIELDS = frozenset(HEADERS.values()) | {name for name in ORDER if name} | {"distance_km", "distance_mi"}
