"""Measures what requests cost: time of the processor in the server and in the database, per operation.

`make bench-cpu` runs it as `cpu.py BINARY DATABASE_URL` on a filled demo: beside a server of its own, by one client, then by four.
SQLite works within the server, whose time is both. Of PostgreSQL, which must run on this machine, the time of all its processes counts.
"""

import csv
import glob
import http.client
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

BINARY, URL = os.path.abspath(sys.argv[1]), sys.argv[2]
PORT = int(os.environ.get("BENCH_PORT", "8125"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "4"))
PASSWORD = "demo-parol-2026"
TICK = os.sysconf("SC_CLK_TCK")
POSTMASTER = None


def postmaster():
    """The process whose children work for PostgreSQL at this URL, as a text; none for SQLite."""
    if not URL.startswith("postgres"):
        return None
    port = str(urllib.parse.urlsplit(URL).port or 5432)
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path) as file:
                words = file.read().split("\0")
            if words[0].endswith("postgres") and "-D" in words:
                with open(os.path.join(words[words.index("-D") + 1], "postmaster.pid")) as file:
                    if file.read().split("\n")[3] == port:
                        return path.split("/")[2]
        except OSError:
            continue
    raise SystemExit(f"no PostgreSQL on port {port} of this machine, or none that may be looked at")


class Client:
    """One connection of one person."""

    token = None

    def __init__(self):
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT)

    def ask(self, method, path, body=None, wanted=200):
        headers = {"Content-Type": "application/json"}
        if Client.token:
            headers["Authorization"] = "Bearer " + Client.token
        path = path if path.startswith("/") else "/api/v1/" + path
        self.connection.request(method, path, None if body is None else json.dumps(body), headers)
        reply = self.connection.getresponse()
        text = reply.read()
        if reply.status != wanted:
            raise RuntimeError(f"{method} {path}: {reply.status} {text[:300]!r}")
        return reply, json.loads(text) if text else None


def spent(process):
    """Seconds on the processor, with threads that have ended."""
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def spent_by_database():
    total = 0.0
    for path in glob.glob("/proc/[0-9]*/stat") if POSTMASTER else []:
        try:
            with open(path) as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if fields[1] == POSTMASTER or path.split("/")[2] == POSTMASTER:
            # Those that have ended are their parent's children.
            mother = path.split("/")[2] == POSTMASTER
            total += sum(map(int, fields[11:15] if mother else fields[11:13])) / TICK
    return total


def measure(name, server, act):
    """Has clients do one thing over and over for some seconds."""
    for clients in (1, 4):
        done = [0] * clients
        until = [0.0]
        gate = threading.Barrier(clients + 1)

        def run(number):
            client, turns = Client(), itertools.count(number * 7)
            try:
                for _ in range(5):
                    act(client, next(turns))
                gate.wait()
                gate.wait()
                while time.monotonic() < until[0]:
                    act(client, next(turns))
                    done[number] += 1
                gate.wait()
            except BaseException:
                gate.abort()
                raise

        threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
        for thread in threads:
            thread.start()
        gate.wait()
        before, started = (spent(server), spent_by_database()), time.monotonic()
        until[0] = started + SECONDS
        gate.wait()
        gate.wait()
        passed = time.monotonic() - started
        count = sum(done)
        own, theirs = ((spent(server) - before[0]) * 1000 / count, (spent_by_database() - before[1]) * 1000 / count)
        for thread in threads:
            thread.join()
        print(f"{name:<28} {clients:>2} {count:>7} {own:>9.2f} {theirs:>9.2f} {count / passed:>9.0f}", flush=True)


def start(folder):
    environment = dict(
        os.environ,
        SAVDO_DATABASE__URL=URL,
        PORT=str(PORT),
        SAVDO_LIMITS__REQUESTS_PER_USER="0",
        SAVDO_LOG__LEVEL="error",
    )
    server = subprocess.Popen([BINARY, "serve"], env=environment, cwd=folder, stdout=subprocess.DEVNULL)
    for _ in range(500):
        try:
            Client().ask("GET", "/health/ready/")
            return server
        except OSError:
            if server.poll() is not None:
                raise SystemExit("the server did not start")
            time.sleep(0.02)
    raise SystemExit("the server is not ready")


def link(reply, relation):
    found = re.search(rf'<([^>]*)>; *rel="{relation}"', reply.getheader("Link") or "")
    return re.sub(r"^https?://[^/]*", "", found.group(1)) if found else None


def goods_at(client, branch):
    """Three products with enough in stock."""
    stocks = client.ask("GET", f"warehouse/stocks/?branch={branch}&ordering=-quantity&page_size=3")[1]
    products = [row["product_id"] for row in stocks]
    for product in products:
        movement = {"movement_type": "in", "branch": branch, "product": product, "quantity": "900000"}
        movement |= {"unit_cost": "1000.00", "series": "CPU-1", "expires_on": "2035-01-01"}
        client.ask("POST", "warehouse/movements/", movement, 201)
    return products


def requests(client):
    """What is measured: a name and what a client does in its n-th turn."""
    branch = client.ask("GET", "branches/")[1][0]["id"]
    lines = [{"product": product, "quantity": "1"} for product in goods_at(client, branch)]
    sale = {"branch": branch, "payment_type": "cash", "items": lines}
    yield "sale of three lines", lambda client, _: client.ask("POST", "sales/", sale, 201)
    yield "products, first page of 20", lambda client, _: client.ask("GET", "warehouse/products/?page_size=20")
    total = int(client.ask("GET", "warehouse/products/?page_size=20")[0].getheader("X-Total-Count"))
    # As deep as a number reaches, then on by the link.
    page = min(total // 20 - 10, 4_900)
    deep = link(client.ask("GET", f"warehouse/products/?page_size=20&page={page}")[0], "next")
    yield f"products, after {page * 20}", lambda client, _: client.ask("GET", deep)
    with open(os.path.join(os.path.dirname(__file__), "queries.csv"), newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    paths = [f"warehouse/products/?page_size=20&search={urllib.parse.quote(text)}" for text in texts]
    yield "search, the mix", lambda client, turn: client.ask("GET", paths[turn % len(paths)])


def main():
    global POSTMASTER
    POSTMASTER = postmaster()
    with tempfile.TemporaryDirectory() as folder:
        server = start(folder)
        try:
            client = Client()
            answer = client.ask("POST", "auth/login/", {"username": "egasi", "password": PASSWORD})[1]
            Client.token = answer.get("access") or answer["data"]["access"]
            print(f"{'':<28} {'by':>2} {'done':>7} {'server':>9} {'database':>9} {'a second':>9}   ms on the processor each")
            for name, act in requests(client):
                measure(name, server.pid, act)
        finally:
            server.terminate()
            server.wait()


main()
