"""The names of months in the languages of exports, and how a word of a date is made comparable."""

import unicodedata


def comparable_date(text: str) -> str:
    """A date cell in one spelling: plain blanks and digits, folded case, no direction marks."""
    if text.isascii():
        return text.casefold().strip()
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in unicodedata.normalize("NFC", plain) if unicodedata.category(char) != "Cf").strip()


# Full names, the forms that stand behind a day, and short forms (Unicode CLDR): en de fr es pt nl it ca ro, then nb da
# sv id, ru, pl, cs, hu, tr, el. None means two months in two of these languages; a test holds that.
_MONTHS_TEXT = """
jan january januar januari janvier janv jän jänner enero ene janeiro gennaio gen gener ian ianuarie янв января
январь sty styczeń stycznia led leden ledna január oca ocak ιαν ιανουάριος ιανουαρίου

feb february februar februari février févr febrero fevereiro fev febbraio febr febrer februarie фев февр февраля
февраль lut luty lutego úno únor února február şub şubat φεβ φεβρουάριος φεβρουαρίου

mar march märz mär maart mrt mars marzo março març martie maret мар март марта marzec marca bře březen března márc
március mart μαρ μάρτιος μαρτίου

apr april avril avr abril abr aprile aprilie апр апреля апрель kwi kwiecień kwietnia dub duben dubna ápr április nis
nisan απρ απρίλιος απριλίου

may mai mei mayo maio maggio mag maig maj мая май maja kvě květen května máj május mayıs μαΐ μάι μάιος μαΐου

jun june juni juin junio junho giugno giu juny iun iunie июн июня июнь cze czerwiec czerwca čvn červen června jún
június haz haziran ιουν ιούνιος ιουνίου

jul july juli juillet juil julio julho luglio lug juliol iul iulie июл июля июль lip lipiec lipca čvc červenec
července júl július tem temmuz ιουλ ιούλιος ιουλίου

aug august augustus augusti août aout agosto ago agost ag agustus agu agt авг августа август sie sierpień sierpnia
srp srpen srpna augusztus ağu ağustos αυγ αύγουστος αυγούστου

sep sept september septembre septiembre setembro set settembre setembre septembrie сен сент сентября сентябрь wrz
wrzesień września zář září szept szeptember eyl eylül σεπ σεπτ σεπτέμβριος σεπτεμβρίου

oct october oktober okt octobre octubre outubro out ottobre ott octombrie окт октября октябрь paź październik
października říj říjen října október eki ekim οκτ οκτώβριος οκτωβρίου

nov november novembre noviembre novembro noiembrie ноя нояб ноября ноябрь lis listopad listopada listopadu kas kasım
νοε νοέ νοέμβριος νοεμβρίου

dec december dezember dez décembre déc diciembre dic dezembro dicembre desembre des desember decembrie дек декабря
декабрь gru grudzień grudnia pro prosinec prosince ara aralık δεκ δεκέμβριος δεκεμβρίου
"""
MONTH_WORDS = _MONTHS_TEXT.split("\n\n")
_FINNISH = ["tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka", "marras", "joulu"]
# Thai writes its short names with points inside, so they are looked for as a whole.
_THAI = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
_THAI_WHOLE = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
]

MONTHS = {comparable_date(word): number for number, words in enumerate(MONTH_WORDS, 1) for word in words.split()} | {
    comparable_date(stem + ending): number
    for number, stem in enumerate(_FINNISH, 1)
    for ending in ("", "k", "kuu", "kuuta")
}
MONTHS_WRITTEN_WITH_MARKS = {
    comparable_date(word): number for words in (_THAI_WHOLE, _THAI) for number, word in enumerate(words, 1)
}
