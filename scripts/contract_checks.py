"""Checks of the contract test beyond those of schemathesis, loaded by schemathesis.toml.

A request that is valid by its document must be accepted, and an invalid one refused. The exceptions below are rules that
JSON Schema cannot express, or that a document omits to stay readable.
"""

import re
import uuid

import schemathesis
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

# Messages with which the server may refuse (400 or 422) a request that is valid by its document.
NOT_EXPRESSED = [
    # Texts: the regular expressions that all tools support have no Unicode classes.
    r"must not contain control characters",
    r"must not contain the character U\+0000",
    r"must not be empty",
    r"needs? at least one visible character",
    # Times and dates: the text must exist in the calendar.
    r"must be (a date|an array of dates)",
    r"must be a time",
    r"must be in the years",
    r"must be in the future",
    # References: only the store knows whether the entity exists.
    r"must be an id",
    r"unknown transition ",
    r"must be an existing",
    r"unknown (access group|case|client|event|inquiry|location|order|person|region|subject|update)\b",
    r"is not on the case",
    r"must be another case",
    r"the link already exists",
    r"must be a cursor from a previous answer",
    # Things of one case, by their ids, and lists whose entries depend on one another.
    r"unknown (note|document|deadline|staff member|subject|case update|person) of the case",
    r"is named twice",
    r"moves (already|only with all updates)",
    r"must leave the case with at most",
    # Keys, zones, hours, durations and patterns of events.
    r"must be the key (in the path|of a calendar)",
    r"must be 1 to 64 lower-case letters",
    r"must be the name of an IANA time zone",
    r"must be an array of pairs of times",
    r"must end after it begins",
    r"must be in order and must not overlap",
    r"must be a duration of hours",
    r"must be an object of durations",
    r"must be created, status:KEY",
    r"must be unique in the service level",
    # Words that are read from the values of a map, and from a field that is needed only without another one.
    r"must be client( or adverse|, adverse or neutral)",
    r"must have (at most \d+ roles|1 to 100 characters)",
    # Fields that exclude or require one another, or are required only for a new resource or by some actions.
    r"must not be given together with",
    r"is required",
    r"can only be set at creation",
    r"leads to .*, not to ",
    r"the rule .* (never|always) counts",
    r"the rule .* does not count",
    r"only the rule .* uses",
    r"cannot be used with the rule",
    r"applies only to a period after",
    r"are counted from a date",
    r"cannot count the trigger's day",
    r"would fall outside the years",
    r"is verified for the years",
    r"hours are counted from a timestamp",
    # Workflows and their versions.
    r"unknown workflow, expected",
    r"must be an array of at most 100 assertions",
    r"must be the id of a version of this workflow",
    r"must be another version than",
    r"must be that of a workflow of cases",
    r"is no status of the old version",
    r"must be a lower-case word",
    # Events and webhooks.
    r"is no type of event",
    r"must be an absolute URL with the scheme https",
    r"must have a public address",
    r"must not contain credentials",
    r"is behind the last event of this account",
    r"the most it can have",
    # Words that are defined by a workflow, a scope or a catalog.
    r"must be (one of|among) ",
    r"must be the id of a status",
    r"must be active",
    r"can be created in the terminal status",
    r"unknown status ",
    r"must be an array of scopes",
    r"needs? a reason",
    r"is in status ",
    # Numbers: JSON Schema accepts 7.0 as an integer, and no entity has the id 0.
    r"must be a positive integer",
    r"must be an integer from",
    # Formats that the server checks more strictly than JSON Schema.
    r"must be an e-mail address",
    r"must be a word of at most",
    # Fields that are not in the document.
    r"is not a known field",
    # Bounds on bytes, depth and digits.
    r"must have at most",
    r"must be nested at most",
    r"the form could not be read to its end",
]
NOT_EXPRESSED = re.compile("|".join(NOT_EXPRESSED))

# Requests that are invalid by their document but are accepted.
TOLERATED = [
    # An `If-None-Match` that is not an entity tag matches nothing (RFC 9110, 13.1.2), so the read succeeds.
    ("GET", r".*", "If-None-Match"),
    # No entity has an id beyond the integer range: the list is empty.
    ("GET", r"/api/cases/(customer|contractor)/.*", None),
]


@schemathesis.hook
def before_call(context, case, kwargs):
    """Gives each request a new idempotency key: a key belongs to one request, and examples repeat their key."""
    is_valid = case.meta is not None and case.meta.generation.mode.is_positive
    if is_valid and case.headers and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    # A request for events can wait for half a minute.
    if is_valid and case.query and "wait" in case.query:
        case.query["wait"] = 0


def faults(response):
    """All messages of an error response, in any dialect."""
    try:
        body = response.json()
    except ValueError:
        return []
    error = body.get("error")
    if isinstance(error, dict):
        return [detail["message"] for detail in error.get("details", [])] or [error["message"]]
    if isinstance(body.get("errors"), dict):
        return [message for messages in body["errors"].values() for message in messages]
    return [str(body.get("error_description") or body.get("meta", {}).get("message") or body.get("message"))]


@schemathesis.check
def valid_requests_are_accepted(ctx, response, case):
    try:
        return positive_data_acceptance(ctx, response, case)
    except Exception:
        found = faults(response)
        # A definition is checked as a whole: its transitions must fit its statuses.
        if case.method == "PUT" and case.path == "/api/v1/workflows/{key}" and response.status_code == 400:
            fields = [detail["field"] for detail in response.json()["error"].get("details", [])]
            if fields and all(field.startswith(("definition", "assertions", "case_types", "key")) for field in fields):
                return None
        if response.status_code in (400, 422) and found and all(NOT_EXPRESSED.search(fault) for fault in found):
            return None
        raise


@schemathesis.check
def invalid_requests_are_refused(ctx, response, case):
    try:
        return negative_data_rejection(ctx, response, case)
    except Exception:
        for method, path, header in TOLERATED:
            has_header = header is None or header in (case.headers or {})
            if case.method == method and re.fullmatch(path, case.formatted_path) and has_header:
                return None
        raise
