"""Reads what Docket writes with the programs of others: iCalendar, webhook signatures, event logs.

Arguments: the docket binary, a folder with node_modules. URL and KEY are the server and an API key with every scope, and
KEY_NAME its name; the server sends webhooks to this machine.
"""

import base64
import collections
import http.server
import json
import os
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import urllib.request

import icalendar
import pandas
import pm4py
import standardwebhooks
import vobject

URL, KEY, KEY_NAME = os.environ["URL"], os.environ["KEY"], os.environ["KEY_NAME"]
DEMO = pathlib.Path(__file__).parent.parent.parent / "crates/server/demo"
PATIENCE = 20


def call(method, path, body=None):
    request = urllib.request.Request(f"{URL}/api/v1/{path}", body and json.dumps(body).encode(), method=method)
    request.add_header("Authorization", f"Bearer {KEY}")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or "null")


def subscription():
    """The events of the subscription by UID, as two libraries read them."""
    request = urllib.request.Request(f"{URL}/api/v1/deadlines.ics")
    credentials = base64.b64encode(f"{KEY_NAME}/token:{KEY}".encode()).decode()
    request.add_header("Authorization", f"Basic {credentials}")
    with urllib.request.urlopen(request, timeout=30) as answer:
        document = answer.read().decode()
    vobject.readOne(document).validate(raiseException=True)
    calendar = icalendar.Calendar.from_ical(document)
    for component in calendar.walk():
        assert not component.errors, component.errors
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def check_calendar():
    case = call("POST", "cases", {"name": "Calendar; with, marks \\ and ümlauts " + "x" * 100})
    path = f"cases/{case['id']}/deadlines"
    day = {"title": "Reply, in time; \"now\"", "kind": "court", "due_at": "2031-08-06", "warn_on": "2031-08-01"}
    made = call("POST", path, day)
    moment = call("POST", path, {"title": "Hearing", "kind": "court", "due_at": "2031-08-07T09:30:00Z"})
    uid = f"{made['id']}@docket"
    events = subscription()
    event, other = events[uid], events[f"{moment['id']}@docket"]
    assert str(event["SUMMARY"]) == day["title"] and str(event["STATUS"]) == "CONFIRMED"
    assert case["name"] in str(event["DESCRIPTION"])
    assert event.start.isoformat() == "2031-08-06" and other.start.isoformat() == "2031-08-07T09:30:00+00:00"
    (alarm,) = event.walk("VALARM")
    assert alarm["TRIGGER"].dt.isoformat() == "2031-08-01T00:00:00+00:00"
    assert not other.walk("VALARM")
    sequence = int(event["SEQUENCE"])
    for change in ({"title": "Renamed"}, {"due_at": "2031-09-01"}, {"status": "met"}):
        call("PUT", f"deadlines/{made['id']}", change)
        event = subscription()[uid]
        assert int(event["SEQUENCE"]) > sequence, (change, sequence)
        sequence = int(event["SEQUENCE"])
    assert str(event["SUMMARY"]) == "Renamed" and str(event["STATUS"]) == "CANCELLED"
    assert event.start.isoformat() == "2031-09-01"


VERIFY = """
const { Webhook } = require("standardwebhooks");
const { secret, body, headers } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const webhook = new Webhook(secret);
webhook.verify(body, headers);
try { webhook.verify(body + " ", headers); } catch { process.exit(0); }
process.exit(1);
"""


def check_signatures(modules):
    received = queue.Queue()

    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            received.put((body, {name.lower(): value for name, value in self.headers.items()}))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/"
    webhook = call("POST", "webhooks", {"url": url, "types": ["case.created"]})
    call("POST", "cases", {"name": "Signed ✓"})
    call("POST", f"webhooks/{webhook['id']}/test", {})
    rotated = None
    for number in range(3):
        if number == 2:
            # Old and new secret sign.
            rotated = call("POST", f"webhooks/{webhook['id']}/rotate-secret", {})
            call("POST", "cases", {"name": "Signed twice"})
        body, headers = received.get(timeout=PATIENCE)
        for secret in filter(None, [webhook["secret"], rotated and rotated["secret"]]):
            verifier = standardwebhooks.Webhook(secret)
            verifier.verify(body, headers)
            try:
                verifier.verify(body + " ", headers)
                raise SystemExit("a changed body was verified")
            except standardwebhooks.WebhookVerificationError:
                pass
            text = json.dumps({"secret": secret, "body": body, "headers": headers})
            subprocess.run(["node", "-e", VERIFY], input=text, text=True, check=True, cwd=modules)
    call("DELETE", f"webhooks/{webhook['id']}")


def check_logs(docket):
    """Exports the sample log, and compares what pm4py reads with the lines of JSON."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        environment = {**os.environ, "DOCKET_DATABASE_URL": f"sqlite://{folder}/log.db"}

        def run(*arguments):
            command = [docket, *arguments]
            return subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)

        source = ["import", "event-log", DEMO / "incidents-sample.csv", "--map", DEMO / "incidents.map.toml"]
        run(*source, "--report", folder / "report")
        for form in ("jsonl", "csv", "xes", "ocel"):
            (folder / f"log.{form}").write_bytes(run("export", "event-log", "--format", form).stdout)
        cases = collections.defaultdict(list)
        for line in (folder / "log.jsonl").read_text().splitlines():
            event = json.loads(line)
            if "case" in event:
                cases[event["case"]["id"]].append(event["type"])
        events, variants = sum(map(len, cases.values())), {tuple(types) for types in cases.values()}
        assert len(cases) > 300 and len(variants) > 20, (len(cases), len(variants))

        os.rename(folder / "log.xes", folder / "log-1.xes")
        log = pm4py.read_xes(str(folder / "log-1.xes"))
        assert log["case:concept:name"].nunique() == len(cases)
        assert len(log) == events, (len(log), events)
        assert len(pm4py.get_variants(log, activity_key="type")) == len(variants)

        os.rename(folder / "log.ocel", folder / "log.json")
        ocel = pm4py.read_ocel2_json(str(folder / "log.json"))
        assert len(ocel.events) == events, (len(ocel.events), events)
        of_cases = ocel.objects[ocel.objects["ocel:type"] == "case"]
        assert len(of_cases) == len(cases)

        table = pandas.read_csv(folder / "log.csv")
        table = pm4py.format_dataframe(table, case_id="case_id", activity_key="type", timestamp_key="occurred_at")
        assert table["case:concept:name"].nunique() == len(cases) and len(table) == events
        assert len(pm4py.get_variants(table)) == len(variants)


def main():
    docket, modules = sys.argv[1:]
    check_calendar()
    check_signatures(modules)
    check_logs(docket)


main()
