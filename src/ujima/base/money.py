"""Money: whole minor units and a currency; never a float.

The exponent of each currency is kept here and not taken from a locale library, because CLDR and
ISO 4217 disagree for some (LAK and MGA: 2 in ISO 4217, 0 in CLDR).
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from ujima.base.errors import BadInput

EXPONENTS = {
    "BDT": 2, "EUR": 2, "GBP": 2, "GHS": 2, "HTG": 2, "INR": 2, "KES": 2, "KHR": 2, "LAK": 2,
    "MGA": 2, "NGN": 2, "NPR": 2, "PHP": 2, "PKR": 2, "RWF": 0, "TND": 3, "TZS": 2, "UGX": 0,
    "USD": 2, "XAF": 0, "XOF": 0, "ZAR": 2,
}  # fmt: skip
#: as people write it; computers' ways, such as 1e5 or 1_000, are slips or worse
AMOUNT = re.compile(r"[+-]?\d{1,20}(\.\d{0,10})?")
SYMBOLS = {"EUR": "€", "GBP": "£", "INR": "₹", "USD": "$", "BDT": "৳", "KHR": "៛", "NGN": "₦"}


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount in minor units (cents, paise) of one currency (ISO 4217 code)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in EXPONENTS:
            raise BadInput(f"We do not know the currency “{self.currency}”.")

    @classmethod
    def parse(cls, text: str, currency: str) -> "Money":
        """Read an amount in major units, such as "0.95". Refuses more decimals than there are."""
        if currency not in EXPONENTS:
            raise BadInput(f"We do not know the currency “{currency}”.")
        if not AMOUNT.fullmatch(text.strip()):
            raise BadInput(f"“{text}” is not an amount of money.")
        scaled = Decimal(text.strip()).scaleb(EXPONENTS[currency])
        if abs(scaled) > 10**15:
            raise BadInput(f"“{text}” is not an amount of money.")
        if scaled != scaled.to_integral_value():
            raise BadInput(f"“{text}” has more decimals than {currency} knows.")
        return cls(int(scaled), currency)

    @property
    def major(self) -> Decimal:
        return Decimal(self.minor).scaleb(-EXPONENTS[self.currency])

    def _same(self, other: "Money") -> None:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.minor * times, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __str__(self) -> str:
        places = EXPONENTS[self.currency]
        symbol = SYMBOLS.get(self.currency, self.currency + "\u00a0")
        sign = "−" if self.minor < 0 else ""
        return f"{sign}{symbol}{abs(self.major):,.{places}f}"


def part_of(amount_minor: int, basis_points: int) -> int:
    """This many hundredths of a percent of an amount, to the nearest minor unit, half to even."""
    exact = Decimal(amount_minor) * basis_points / 10_000
    return int(exact.to_integral_value(ROUND_HALF_EVEN))
