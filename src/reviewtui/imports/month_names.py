"""The names of the twelve months as people write them in a header, in several languages."""

from __future__ import annotations

import unicodedata

_NAMES = {
    "English": "january february march april may june july august september october november december",
    "English, short": "jan feb mar apr may jun jul aug sep oct nov dec",
    "German": "januar februar märz april mai juni juli august september oktober november dezember",
    "German, short": "jan feb mrz apr mai jun jul aug sep okt nov dez",
    "Austrian": "jänner feber märz april mai juni juli august september oktober november dezember",
    "French": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "French, short": "janv févr mars avr mai juin juil août sept oct nov déc",
    "Spanish": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "Spanish, short": "ene feb mar abr may jun jul ago sep oct nov dic",
    "Portuguese": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "Portuguese, short": "jan fev mar abr mai jun jul ago set out nov dez",
    "Dutch": "januari februari maart april mei juni juli augustus september oktober november december",
    "Dutch, short": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "Italian": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "Italian, short": "gen feb mar apr mag giu lug ago set ott nov dic",
    "Swedish": "januari februari mars april maj juni juli augusti september oktober november december",
    "Danish": "januar februar marts april maj juni juli august september oktober november december",
    "Norwegian, short": "jan feb mars apr mai juni juli aug sep okt nov des",
    "Polish": "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
    "Czech": "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",
    "Turkish": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "Russian": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
}
"""A line a language, January first. A word that means different months in two languages is left out of `MONTHS`."""

_MORE = {"sept": 9, "juill": 7, "fevr": 2, "fév": 2, "mär": 3, "setiembre": 9, "febr": 2, "mrz": 3, "avril": 4}


def plain(text: str) -> str:
    """`text` for comparison: lower case, no accents, blanks made one."""
    decomposed = unicodedata.normalize("NFKD", text)
    kept = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(kept.casefold().replace("ı", "i").split())


def _table() -> dict[str, int]:
    numbers: dict[str, set[int]] = {}
    for names in _NAMES.values():
        for number, name in enumerate(names.split(), 1):
            numbers.setdefault(plain(name), set()).add(number)
    for name, number in _MORE.items():
        numbers.setdefault(plain(name), set()).add(number)
    return {name: min(found) for name, found in numbers.items() if len(found) == 1}


MONTHS = _table()
"""Plain name to the month's number."""


def month_number(word: str) -> int | None:
    """The month that `word` names, with or without a full stop; None for any other word."""
    return MONTHS.get(plain(word).rstrip("."))
