"""The names of months in the languages of exports."""

# Month names and their short forms (Unicode CLDR 46: en de fr es pt nl it); none means two months in two languages.
_MONTHS = (
    "jan january januar januari janvier janv jän jänner enero ene janeiro gennaio gen",
    "feb february februar februari février févr febrero fevereiro fev febbraio",
    "mar march märz mär maart mrt mars marzo março",
    "apr april avril avr abril abr aprile",
    "may mai mei mayo maio maggio mag",
    "jun june juni juin junio junho giugno giu",
    "jul july juli juillet juil julio julho luglio lug",
    "aug august augustus août agosto ago",
    "sep sept september septembre septiembre setembro set settembre",
    "oct october oktober okt octobre octubre outubro out ottobre ott",
    "nov november novembre noviembre novembro",
    "dec december dezember dez décembre déc diciembre dic dezembro dicembre",
)


MONTHS = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
