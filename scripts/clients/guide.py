"""Runs the programs of docs/events.md: each must see an event of a server.

Arguments: a folder with the compiled TypeScript programs, one with the Rust programs. URL and KEY are the server and an API key
with every scope; the server sends webhooks to this machine.
"""

import contextlib
import json
import os
import pathlib
import select
import socket
import subprocess
import sys
import time
import urllib.request

URL, KEY = os.environ["URL"], os.environ["KEY"]
GUIDE = (pathlib.Path(__file__).parent.parent.parent / "docs/events.md").read_text()
SECTIONS = {"pages": "## Pages", "stream": "## Stream", "receiver": "## Webhooks"}
PATIENCE = 20


def call(path, body):
    request = urllib.request.Request(f"{URL}/api/v1/{path}", json.dumps(body).encode())
    request.add_header("Authorization", f"Bearer {KEY}")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def command(language, name, typescript, rust):
    if language == "TypeScript":
        return ["node", f"{typescript}/{name}.js"]
    if language == "Rust":
        return [f"{rust}/{name}"]
    code = GUIDE.split(SECTIONS[name], 1)[1].split("```python\n", 1)[1].split("```", 1)[0]
    return [sys.executable, "-c", code]


@contextlib.contextmanager
def running(arguments, **environment):
    program = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment})
    try:
        yield program
    finally:
        program.kill()
        program.wait()


def wait_for(program, word, cause=None):
    """Waits until the program prints a line with the word. `cause` is called each second."""
    lines = []
    for _ in range(PATIENCE):
        if cause:
            cause()
        until = time.monotonic() + 1
        while (left := until - time.monotonic()) > 0 and select.select([program.stdout], [], [], left)[0]:
            line = program.stdout.readline()
            lines.append(line)
            if word in line:
                return
            if not line:
                break
    sys.exit(f"the program did not print {word}: {lines}")


def check_receiver(arguments):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    webhook = call("webhooks", {"url": f"http://127.0.0.1:{port}/", "types": ["case.created"]})
    test = f"webhooks/{webhook['id']}/test"

    def tested():
        for _ in range(PATIENCE * 10):
            if (status := call(test, {})["status"]) is not None:
                return status
            time.sleep(0.1)
        sys.exit("the receiver does not answer")

    with running(arguments, PORT=str(port), SECRET="whsec_AAAA"):
        assert tested() == 401
    with running(arguments, PORT=str(port), SECRET=webhook["secret"]) as program:
        assert tested() == 204
        call("cases", {"name": "one"})
        wait_for(program, "case.created")


for language in ("Python", "TypeScript", "Rust"):
    for name in SECTIONS:
        arguments = command(language, name, sys.argv[1], sys.argv[2])
        if name == "receiver":
            check_receiver(arguments)
        else:
            with running(arguments) as program:
                # A stream that begins at the end misses what happened before it was open.
                wait_for(program, "case.created", lambda: call("cases", {"name": "one"}))
    print(f"   {language}, the programs of the guide: passed")
