"""Writes apscheduler-cases.json beside this file: what APScheduler's CronTrigger does with random field sets.

Run as `python3 test/core/schedule/apscheduler-cases.py` with APScheduler 3.9.1, pytz 2022.7.1 (tz data 2025b)
and Python 3.11.2. The seed makes it repeatable; nothing in it depends on the present time.

  valid    fields, timezone, after, next: the first (up to six) fire times strictly after `after` and before `until`
  invalid  fields, error: refused, and with what text
  sloppy   fields, readAs, after, next: accepted, because everything behind a name that matches is ignored; UTC

Cases outside UTC stay clear of clock changes: see `calm`. APScheduler's own DST rules are not part of the facts.
"""
import json
import random
import signal
from bisect import bisect_left
from datetime import datetime, timedelta
from pathlib import Path

import pytz
from apscheduler.triggers.cron import CronTrigger

SEED = 391
UTC_CASES, ZONED_CASES = 1020, 180
UNTIL = datetime(2100, 1, 1, tzinfo=pytz.utc)
ZONED_UNTIL = datetime(2037, 9, 1, tzinfo=pytz.utc)  # pytz knows no clock changes after 2037
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns"]
TICK = timedelta(microseconds=1)
MARGIN = timedelta(days=2)

RANGES = {"year": (2020, 2045), "month": (1, 12), "day": (1, 31), "week": (1, 53), "day_of_week": (0, 6),
          "hour": (0, 23), "minute": (0, 59), "second": (0, 59)}
NAMES = {"month": "jan feb mar apr may jun jul aug sep oct nov dec".split(), "day_of_week": "mon tue wed thu fri sat sun".split()}
KINDS = ["*", "*/n", "a", "int", "a-b", "a-b/c", "a/c", "list"]
EXTRA_KINDS = {"month": ["name", "name-name"], "day_of_week": ["name", "name-name"], "day": ["nth", "last nth", "last"]}
LIST_KINDS = ["a", "a", "a-b", "a-b/c", "a/c", "*/n"]

rng = random.Random(SEED)


def kinds(field):
    return KINDS + EXTRA_KINDS.get(field, [])


def recase(text):
    return rng.choice([text, text, text, text.upper(), text.title()])


def expression(field, kind):
    low, high = RANGES[field]
    a, b = sorted(rng.sample(range(low, high + 1), 2))
    if kind == "*":
        return "*"
    if kind == "*/n":
        return f"*/{rng.randint(1, min(high - low, rng.choice([5, 15, 60])))}"
    if kind == "a":
        return rng.choice([str(a), str(b), f"{b:02}"])
    if kind == "int":
        return rng.choice([a, b])
    if kind == "a-b":
        return rng.choice([f"{a}-{b}", f"{a}-{b}", f"{a}-{b}", f"{a}-{a}"])
    if kind == "a-b/c":
        return f"{a}-{b}/{rng.randint(1, b - a)}"
    if kind == "a/c":
        return f"{a}/{rng.randint(1, high - a)}"
    if kind == "name":
        return recase(rng.choice(NAMES[field]))
    if kind == "name-name":
        return recase(f"{NAMES[field][a - low]}-{NAMES[field][b - low]}")
    if kind == "nth":
        return recase(f"{rng.choice(['1st', '2nd', '3rd', '4th', '5th'])} {rng.choice(NAMES['day_of_week'])}")
    if kind == "last nth":
        return recase(f"last {rng.choice(NAMES['day_of_week'])}")
    if kind == "last":
        return recase("last")
    parts = [str(expression(field, rng.choice(LIST_KINDS + EXTRA_KINDS.get(field, [])))) for _ in range(rng.randint(2, 4))]
    return rng.choice([",", ",", ", ", " , "]).join(parts)


def ordered(fields):
    return {name: fields[name] for name in RANGES if name in fields}


def common(field, kind):
    """One expression of that kind and up to three others in other fields."""
    fields = {field: expression(field, kind)}
    for other in rng.sample(list(RANGES), rng.choice([0, 0, 1, 1, 2, 3])):
        if other not in fields and (other != "year" or rng.random() < 0.3):
            fields[other] = expression(other, rng.choice(kinds(other)))
    return ordered(fields)


def rare():
    """Fields that seldom agree, or never."""
    day, weekday, hour = rng.randint(1, 31), rng.choice(NAMES["day_of_week"]), rng.randint(0, 23)
    short, nth = rng.choice(["feb", "apr", "jun", "sep", "nov", 2, 4]), rng.choice(["1st", "2nd", "3rd", "4th", "5th", "last"])
    return ordered(rng.choice([
        {"week": 53},
        {"week": "53", "day_of_week": weekday, "hour": hour},
        {"week": rng.choice(["1", "52-53", 53]), "month": rng.choice([1, 12, "dec"])},
        {"week": 53, "month": "jan", "day_of_week": weekday},
        {"week": rng.randint(1, 53), "day": rng.choice([31, "31", "last", "30-31"])},
        {"week": rng.randint(1, 53), "month": rng.randint(1, 12), "minute": 30},
        {"week": rng.choice(["9", "1-9", "*/4"]), "month": 2, "day": 29},
        {"day": f"5th {weekday}"},
        {"day": f"5th {weekday}", "month": "feb"},
        {"day": f"5th {weekday}", "month": short, "hour": hour},
        {"day": f"{nth} {weekday}", "day_of_week": rng.choice(NAMES["day_of_week"])},
        {"day": f"{nth} {weekday}", "week": f"*/{rng.randint(2, 26)}"},
        {"day": f"1st {weekday}, last {weekday}", "month": "*/5", "hour": f"{hour}"},
        {"day": 29, "month": 2},
        {"day": "29", "month": "feb", "day_of_week": weekday, "hour": hour},
        {"day": "last", "month": "feb", "day_of_week": weekday},
        {"day": "last", "day_of_week": weekday, "month": rng.randint(1, 12)},
        {"day": "last,29", "month": 2, "year": f"{rng.randint(2020, 2030)}/3"},
        {"day": rng.choice([30, "30-31"]), "month": "feb"},
        {"day": 31, "month": short},
        {"day": f"{day}", "day_of_week": weekday, "month": f"{rng.randint(1, 12)}"},
        {"day": 31, "day_of_week": f"{weekday}", "hour": "*/12"},
        {"day": "13", "day_of_week": "fri"},
        {"year": rng.randint(1970, 2019)},
        {"year": "*/7", "month": 2, "day": 29},
        {"year": f"{rng.randint(2024, 2040)}", "week": "53"},
        {"year": f"{rng.randint(2024, 2030)}-2040/{rng.randint(2, 9)}", "day": f"5th {weekday}", "month": "*/2"},
        {"minute": 59, "second": 59, "day": "last", "month": 12},
    ]))


def start():
    return datetime(2019, 6, 1, tzinfo=pytz.utc) + timedelta(seconds=rng.randrange(16 * 365 * 86400))


def fire_times(fields, zone, after, until):
    trigger = CronTrigger(**fields, timezone=zone, end_date=until - TICK)
    found, previous, now = [], None, after + TICK
    while len(found) < 6 and (previous := trigger.get_next_fire_time(previous, now)):
        assert previous > (found[-1] if found else after)
        found.append(previous)
        now = previous + TICK
    return found


def timed(*args):
    """The fire times, or None when looking for them takes longer than a second."""
    signal.setitimer(signal.ITIMER_REAL, 1)
    try:
        return fire_times(*args)
    except TimeoutError:
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def expired(*_):
    raise TimeoutError


def changes_between(zone, first, last):
    changes = getattr(zone, "_utc_transition_times", [])
    return bisect_left(changes, first.replace(tzinfo=None)) < bisect_left(changes, last.replace(tzinfo=None))


def calm(fields, zone, after, found):
    """Six times away from clock changes (with less than a day between two: none in the whole span), as in a zone without any."""
    if len(found) < 6:
        return False
    at = [moment.astimezone(pytz.utc) for moment in found]
    if min(b - a for a, b in zip(at, at[1:])) < timedelta(hours=23) and changes_between(zone, after - MARGIN, at[-1] + MARGIN):
        return False
    if any(changes_between(zone, moment - MARGIN, moment + MARGIN) for moment in [after, *at]):
        return False
    wall = after.astimezone(zone).replace(tzinfo=pytz.utc)  # a change on the way can make it skip a midnight that exists
    unshifted = timed(fields, pytz.utc, wall, UNTIL)
    return unshifted is not None and [f.replace(tzinfo=None) for f in unshifted] == [f.replace(tzinfo=None) for f in found]


def text(moment):
    return moment.astimezone(pytz.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def case(fields, zone_name):
    zone, until = pytz.timezone(zone_name), UNTIL if zone_name == "UTC" else ZONED_UNTIL
    after = start()
    found = timed(fields, zone, after, until)
    if found and rng.random() < 0.2:  # start on a fire time: it must not come again
        after = found[0].astimezone(pytz.utc)
        found = timed(fields, zone, after, until)
    if found is None or (zone_name != "UTC" and not calm(fields, zone, after, found)):
        return None
    return {"fields": fields, "timezone": zone_name, "after": text(after), "next": [text(moment) for moment in found]}


def valid():
    cases, seen = [], set()
    every = [(field, kind) for field in RANGES for kind in kinds(field)]
    turn = 0
    while len(cases) < UTC_CASES + ZONED_CASES:
        zone = "UTC" if len(cases) < UTC_CASES else rng.choice(ZONES)
        turn += 1
        fields = rare() if turn % 4 == 0 else common(*every[turn % len(every)])
        key = json.dumps(fields)
        if key in seen:
            continue
        made = case(fields, zone)
        if made:
            seen.add(key)
            cases.append(made)
    return cases


INVALID = [
    {"second": "60"}, {"second": 60}, {"second": "*/60"}, {"second": "-1"}, {"second": -1}, {"second": "0/60"}, {"second": "50-70"},
    {"minute": "60"}, {"minute": "*/0"}, {"minute": "5/0"}, {"minute": "1-5/0"}, {"minute": "59/1"}, {"minute": "5-5/1"},
    {"minute": "10-20/11"}, {"minute": "30-10"}, {"minute": "1 - 5"}, {"minute": "1,,2"}, {"minute": ""}, {"minute": "1,2,"},
    {"minute": "* /5"}, {"minute": "*/-5"}, {"minute": "1-2-3"}, {"minute": "last"}, {"minute": "5.0"}, {"minute": 5.5},
    {"hour": "24"}, {"hour": "*/24"}, {"hour": "22-3"}, {"hour": "9am"}, {"hour": "22/2"}, {"hour": "?"}, {"hour": "9;10"},
    {"day_of_week": "7"}, {"day_of_week": "*/7"}, {"day_of_week": "fri-mon"}, {"day_of_week": "sun-sat"}, {"day_of_week": "monday"},
    {"day_of_week": "0-fri"}, {"day_of_week": "1st mon"}, {"day_of_week": "last fri"}, {"day_of_week": "L"}, {"day_of_week": "5L"},
    {"day_of_week": "mon,xyz"}, {"week": 0}, {"week": "54"}, {"week": "*/53"}, {"week": "50-3"}, {"week": "mon"},
    {"day": 0}, {"day": "32"}, {"day": "*/31"}, {"day": "6th mon"}, {"day": "1st monday"}, {"day": "1st 0"}, {"day": "1st"}, {"day": "mon"},
    {"day": "last friday"}, {"day": "last 5"}, {"day": "L"}, {"day": "15W"}, {"day": "first mon"}, {"day": "1stmon"}, {"day": "1,0"},
    {"month": 0}, {"month": "13"}, {"month": "*/12"}, {"month": "nov-feb"}, {"month": "january"}, {"month": "1-mar"}, {"month": "12/1"},
    {"year": 1969}, {"year": "10000"}, {"year": "99"}, {"year": "2030-2020"}, {"year": "2024-2026/3"}, {"hour": 9, "minute": "x"},
]

SLOPPY = [
    ({"day_of_week": "mon-fri/2"}, {"day_of_week": "mon-fri"}), ({"day_of_week": "tue/2"}, {"day_of_week": "tue"}),
    ({"day_of_week": "wed-5"}, {"day_of_week": "wed"}), ({"day_of_week": "fri-"}, {"day_of_week": "fri"}),
    ({"day_of_week": "mon#2"}, {"day_of_week": "mon"}), ({"day_of_week": "mon tue"}, {"day_of_week": "mon"}),
    ({"month": "jan-jun/2"}, {"month": "jan-jun"}), ({"month": "mar-5"}, {"month": "mar"}), ({"month": "apr2"}, {"month": "apr"}),
    ({"day": "lastly"}, {"day": "last"}), ({"day": "last-2"}, {"day": "last"}), ({"day": "lastfri"}, {"day": "last"}),
    ({"day": "2nd tue-fri"}, {"day": "2nd tue"}), ({"day": "last fri/2"}, {"day": "last fri"}),
]


def refusal(fields):
    try:
        CronTrigger(**fields, timezone="UTC")
    except ValueError as error:
        return {"fields": fields, "error": str(error)}
    raise AssertionError(f"accepted: {fields}")


def sloppy(fields, read_as):
    after = start()
    found = fire_times(fields, pytz.utc, after, UNTIL)
    assert found == fire_times(read_as, pytz.utc, after, UNTIL)
    return {"fields": fields, "readAs": read_as, "after": text(after), "next": [text(moment) for moment in found]}


def lines(cases):
    return "[\n" + ",\n".join("    " + json.dumps(each) for each in cases) + "\n  ]"


def main():
    signal.signal(signal.SIGALRM, expired)
    parts = {
        "source": json.dumps("APScheduler 3.9.1 CronTrigger"), "seed": str(SEED), "until": json.dumps(text(UNTIL)),
        "valid": lines(valid()), "invalid": lines(map(refusal, INVALID)), "sloppy": lines(sloppy(*each) for each in SLOPPY),
    }
    body = ",\n".join(f"  {json.dumps(name)}: {part}" for name, part in parts.items())
    Path(__file__).with_suffix(".json").write_text("{\n" + body + "\n}\n")


if __name__ == "__main__":
    main()
