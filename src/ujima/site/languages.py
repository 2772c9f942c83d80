"""The languages that pages are offered in: those whose words are here."""

from pathlib import Path

#: the first languages, by their own names; a language is offered once its catalogue is compiled
FIRST = (
    ("en", "English"),
    ("hi", "हिन्दी"),
    ("bn", "বাংলা"),
    ("sw", "Kiswahili"),
    ("km", "ខ្មែរ"),
    ("fr", "Français"),
    ("ur", "اردو"),
)


def offered(locale: Path) -> list[tuple[str, str]]:
    """English, in which the words are written, and each of the first languages that has a compiled
    catalogue of ours. Django's own words alone would give an English page with turned sides."""
    return [
        (code, name)
        for code, name in FIRST
        if code == "en" or (locale / code / "LC_MESSAGES" / "django.mo").is_file()
    ]
