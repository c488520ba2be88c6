#!/usr/bin/env python3
"""Regenerates crates/domain/tests/data/holidays.txt, the expected holidays in the calendar tests.

    pip install holidays==0.109
    python scripts/holiday-oracle.py > crates/domain/tests/data/holidays.txt

The library is used only for tests; the product contains no part of it. The file has dates, no names.
"""

import holidays

FIRST, LAST = 2000, 2035
# Calendar keys of Docket, with country, subdivision and categories of the library.
STATES = ["BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH"]
CALENDARS = {
    "us-federal": ("US", None, {"public"}, LAST),
    "us-federal-closings": ("US", None, {"government"}, 2025),
    "de": ("DE", None, {"public"}, LAST),
    **{f"de-{state.lower()}": ("DE", state, {"public"}, LAST) for state in STATES},
    "de-by-assumption": ("DE", "BY", {"public", "catholic"}, LAST),
    "de-by-augsburg": ("DE", "Augsburg", {"public"}, LAST),
    "de-sn-corpus-christi": ("DE", "SN", {"public", "catholic"}, LAST),
    "de-th-corpus-christi": ("DE", "TH", {"public", "catholic"}, LAST),
}

print(f"# Made by scripts/holiday-oracle.py from the PyPI package holidays {holidays.__version__} (MIT), https://github.com/vacanza/holidays")
print("# One line per calendar and year: every public holiday, observed days included, as month-day.")
for key, (country, subdivision, categories, last) in sorted(CALENDARS.items()):
    for year in range(FIRST, last + 1):
        days = holidays.country_holidays(country, subdiv=subdivision, years=year, categories=categories)
        print(key, year, *(day.strftime("%m-%d") for day in sorted(days) if day.year == year))
