"""How Strava writes an export in each of its languages: header words, date, decimal sign, the word for a run.

The words are those that real exports were seen with, where any were. `None` stands for a column whose word was not
seen: the writer puts an invented one there, which no table of ours holds. Dates are the medium date and time of each
language (Unicode CLDR), older patterns where exports were seen with them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from makers.export_writer import ENGLISH


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportLanguage:
    """One language. `words` are the first 21 columns, in order; fewer are filled up with invented ones."""

    date: Callable[[datetime], str]
    run: str
    decimal: str = ","
    words: tuple[str | None, ...] = ()

    def header(self) -> list[str]:
        """As many columns as the English header has; a name that stands twice there may have two names here."""
        head = [word or f"⟦{at}⟧" for at, word in enumerate(self.words)]
        return head + [f"⟦{at}⟧" for at in range(len(head), len(ENGLISH))]


def _months(words: str) -> list[str]:
    return words.split()


def _day_first(months: str, pattern: str = "{day} {month} {year}, {clock}") -> Callable[[datetime], str]:
    names = _months(months)

    def write(moment: datetime) -> str:
        return pattern.format(
            day=moment.day, month=names[moment.month - 1], year=moment.year, clock=f"{moment:%H:%M:%S}"
        )

    return write


def _half(moment: datetime, morning: str, afternoon: str) -> str:
    return morning if moment.hour < 12 else afternoon


def _twelve(moment: datetime) -> str:
    return f"{moment.hour % 12 or 12}:{moment:%M:%S}"


def _part_of_day(moment: datetime) -> str:
    """Traditional Chinese: the part of the day before the hour."""
    ends = ((5, "凌晨"), (8, "清晨"), (12, "上午"), (13, "中午"), (19, "下午"), (24, "晚上"))
    return next(word for end, word in ends if moment.hour < end)


def _full(
    first: str, elapsed: str, moving: str, distance: str, filename: str, *, distance_again: str | None = None
) -> tuple[str | None, ...]:
    """The columns up to the metres: `first` is id, date, name, sport, description separated by semicolons."""
    head = [*first.split(";"), elapsed, distance, "⟦hr⟧", "⟦effort⟧", "⟦commute⟧", None, None, filename, None, None]
    return (*head, elapsed, moving, distance_again or distance)


LANGUAGES: dict[str, ExportLanguage] = {
    "en-US": ExportLanguage(
        date=lambda at: f"{at:%b} {at.day}, {at.year}, {_twelve(at)}\u202f{_half(at, 'AM', 'PM')}",
        run="Run",
        decimal=".",
        words=tuple(ENGLISH),
    ),
    "en-GB": ExportLanguage(
        date=lambda at: f"{at.day} {at:%b} {at.year}, {at:%H:%M:%S}", run="Run", decimal=".", words=tuple(ENGLISH)
    ),
    "fr": ExportLanguage(
        date=_day_first("janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."),
        run="Course à pied",
        words=_full(
            "ID de l’activité;Date de l’activité;Nom de l’activité;Type d’activité;Description de l’activité",
            "Temps écoulé",
            "Durée de déplacement",
            "Distance",
            "Nom du fichier",
        ),
    ),
    "it": ExportLanguage(
        date=_day_first("gen feb mar apr mag giu lug ago set ott nov dic"),
        run="Corsa",
        words=_full(
            "ID attività;Data dell’attività;Nome attività;Tipo attività;Descrizione dell’attività",
            "Tempo trascorso",
            "Tempo in movimento",
            "Distanza",
            "Nome del file",
        ),
    ),
    "es-419": ExportLanguage(
        date=lambda at: (
            f"{at.day} {_months('ene feb mar abr may jun jul ago sep oct nov dic')[at.month - 1]} {at.year}, "
            f"{_twelve(at)}\u202f{_half(at, 'a.m.', 'p.m.')}"
        ),
        run="Carrera",
        decimal=".",
        words=_full(
            "ID de actividad;Fecha de la actividad;Nombre de la actividad;Tipo de actividad;?",
            "Tiempo transcurrido",
            "Tiempo en movimiento",
            "Distancia",
            "Nombre del archivo",
        ),
    ),
    "pt-BR": ExportLanguage(
        date=_day_first(
            "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.", "{day} de {month} de {year}, {clock}"
        ),
        run="Corrida",
    ),
    "pt-PT": ExportLanguage(
        date=lambda at: f"{at:%d/%m/%Y, %H:%M:%S}",
        run="Corrida",
        words=_full(
            "ID da atividade;Data da atividade;Nome da atividade;Tipo de atividade;?",
            "Tempo decorrido",
            "Tempo de movimentação",
            "Distância",
            "Nome do arquivo",
        ),
    ),
    "ru": ExportLanguage(
        date=_day_first(
            "янв. февр. мар. апр. мая июн. июл. авг. сент. окт. нояб. дек.", "{day} {month} {year}\u202fг., {clock}"
        ),
        run="Бег",
        words=_full(
            "ID физической активности;Дата тренировки;Название тренировки;Тип активности;Описание",
            "Общее время",
            "Время в движении",
            "Расстояние",
            "Название файла",
            distance_again="Дистанция",
        ),
    ),
    "cs": ExportLanguage(
        date=lambda at: f"{at.day}. {at.month}. {at.year} {at.hour}:{at:%M:%S}",
        run="Běh",
        words=_full(
            "ID aktivity;Datum aktivity;Název aktivity;Typ aktivity;Popis aktivity",
            "Uplynulý čas",
            "Aktivní čas",
            "Vzdálenost",
            "Název souboru",
        ),
    ),
    "pl": ExportLanguage(
        date=_day_first("sty lut mar kwi maj cze lip sie wrz paź lis gru"),
        run="Bieganie",
        words=_full(
            "Identyfikator aktywności;Data aktywności;Nazwa aktywności;Rodzaj aktywności;?",
            "Czas całkowity",
            "Czas ruchu",
            "Dystans",
            "?plik",
        ),
    ),
    "zh-CN": ExportLanguage(
        date=lambda at: f"{at.year}年{at.month}月{at.day}日 {at:%H:%M:%S}", run="跑步", decimal="."
    ),
    "zh-TW": ExportLanguage(
        date=lambda at: f"{at.year}年{at.month}月{at.day}日 {_part_of_day(at)}{_twelve(at)}", run="跑步", decimal="."
    ),
    "ja": ExportLanguage(date=lambda at: f"{at:%Y/%m/%d} {at.hour}:{at:%M:%S}", run="ランニング", decimal="."),
    "ko": ExportLanguage(
        date=lambda at: f"{at.year}. {at.month}. {at.day}. {_half(at, '오전', '오후')} {_twelve(at)}",
        run="달리기",
        decimal=".",
    ),
    "nb": ExportLanguage(
        date=lambda at: (
            f"{at.day}. {_months('jan. feb. mars apr. mai juni juli aug. sep. okt. nov. des.')[at.month - 1]} "
            f"{at.year}, {at:%H.%M.%S}"
        ),
        run="Løpetur",
        words=_full(
            "Aktivitets-ID;Aktivitetsdato;Aktivitetsnavn;Aktivitetstype;?",
            "Totaltid",
            "Bevegelsestid",
            "Distanse",
            "Filnavn",
        ),
    ),
    "da": ExportLanguage(
        date=lambda at: (
            f"{at.day}. {_months('jan. feb. mar. apr. maj jun. jul. aug. sep. okt. nov. dec.')[at.month - 1]} "
            f"{at.year}, {at:%H.%M.%S}"
        ),
        run="Løb",
        words=_full(
            "Aktivitets-id;Aktivitetsdato;Aktivitetsnavn;Aktivitetstype;?",
            "Varighed",
            "Tid i bevægelse",
            "Distance",
            "?fil",
        ),
    ),
    "nl": ExportLanguage(
        date=_day_first("jan. feb. mrt. apr. mei jun. jul. aug. sep. okt. nov. dec."), run="Hardloopsessie"
    ),
    "de": ExportLanguage(date=lambda at: f"{at:%d.%m.%Y, %H:%M:%S}", run="Lauf"),
    "sv": ExportLanguage(
        date=_day_first("jan. feb. mars apr. maj juni juli aug. sep. okt. nov. dec.", "{day} {month} {year} {clock}"),
        run="Löpning",
    ),
    "fi": ExportLanguage(date=lambda at: f"{at.day}.{at.month}.{at.year} klo {at.hour}.{at:%M.%S}", run="Juoksu"),
    "hu": ExportLanguage(
        date=_day_first(
            "jan. febr. márc. ápr. máj. jún. júl. aug. szept. okt. nov. dec.", "{year}. {month} {day}. {clock}"
        ),
        run="Futás",
    ),
    "tr": ExportLanguage(date=_day_first("Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara"), run="Koşu"),
    "ro": ExportLanguage(
        date=_day_first("ian. feb. mar. apr. mai iun. iul. aug. sept. oct. nov. dec."), run="Alergare"
    ),
    "el": ExportLanguage(
        date=lambda at: (
            f"{at.day} {_months('Ιαν Φεβ Μαρ Απρ Μαΐ Ιουν Ιουλ Αυγ Σεπ Οκτ Νοε Δεκ')[at.month - 1]} {at.year}, "
            f"{_twelve(at)} {_half(at, 'π.μ.', 'μ.μ.')}"
        ),
        run="Τρέξιμο",
    ),
    "id": ExportLanguage(
        date=lambda at: (
            f"{at.day} {_months('Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des')[at.month - 1]} {at.year}, "
            f"{at:%H.%M.%S}"
        ),
        run="Lari",
    ),
    "th": ExportLanguage(
        date=lambda at: (
            f"{at.day} {_months('ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.')[at.month - 1]} "
            f"{at.year + 543} {at:%H:%M:%S}"
        ),
        run="วิ่ง",
        decimal=".",
    ),
    "vi": ExportLanguage(date=lambda at: f"{at:%H:%M:%S} {at.day} thg {at.month}, {at.year}", run="Chạy bộ"),
    "ca": ExportLanguage(
        date=_day_first(
            "gen. febr. març abr. maig juny jul. ag. set. oct. nov. des.", "{day} de {month} {year}, {clock}"
        ),
        run="Cursa",
    ),
}
