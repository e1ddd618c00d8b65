"""Measures what requests cost: time of the processor in the server and in the database, per operation.

`make bench-cpu` runs it as `cpu.py BINARY DATABASE_URL` on a filled demo: beside a server of its own, by one client, then by four.
SQLite works within the server, whose time is both. Of PostgreSQL, which must run on this machine, the time of all its processes counts.
The server has no worker, so that nothing but the requests is measured; with SAVDO_WORKER__ENABLED=true messages count, too, when they are sent.
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
# How many turns a client prepares at a time for what cannot be done twice, and as many customers he has.
LOT = 20
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
    """One connection, of the owner where nobody else is named; nobody's by an empty token."""

    token = ""

    def __init__(self, number=0):
        self.number = number
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT)

    def ask(self, method, path, body=None, wanted=200, token=None):
        headers = {"Content-Type": "application/json"}
        token = Client.token if token is None else token
        if token:
            headers["Authorization"] = "Bearer " + token
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


def measure(name, server, act, prepare=None):
    """Has clients do one thing over and over for some seconds. What is prepared for it, some turns at a time, does not count."""
    for clients in (1, 4):
        done = [0] * clients
        until = [0.0]
        gate = threading.Barrier(clients + 1)

        def run(number):
            client, turns = Client(number), itertools.count(number * 7)
            try:
                for turn in itertools.islice(turns, 5):
                    if prepare:
                        prepare(client, turn)
                    act(client, turn)
                while until[0] is not None:
                    lot = list(itertools.islice(turns, LOT)) if prepare else turns
                    for turn in lot if prepare else ():
                        prepare(client, turn)
                    gate.wait()
                    gate.wait()
                    for turn in lot:
                        act(client, turn)
                        done[number] += 1
                        if not prepare and time.monotonic() >= until[0]:
                            break
                    gate.wait()
                    gate.wait()
            except BaseException:
                gate.abort()
                raise

        threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
        for thread in threads:
            thread.start()
        own = theirs = passed = 0.0
        while passed < SECONDS:
            gate.wait()
            before, started = (spent(server), spent_by_database()), time.monotonic()
            until[0] = started + SECONDS
            gate.wait()
            gate.wait()
            passed += time.monotonic() - started
            own, theirs = own + spent(server) - before[0], theirs + spent_by_database() - before[1]
            if passed >= SECONDS:
                until[0] = None
            gate.wait()
        for thread in threads:
            thread.join()
        count = sum(done)
        each = [seconds * 1000 / count for seconds in (own, theirs)]
        print(f"{name:<28} {clients:>2} {count:>7} {each[0]:>9.2f} {each[1]:>9.2f} {count / passed:>9.0f}", flush=True)


def start(folder):
    environment = dict(
        os.environ,
        SAVDO_DATABASE__URL=URL,
        PORT=str(PORT),
        SAVDO_LIMITS__REQUESTS_PER_USER="0",
        SAVDO_LIMITS__REQUESTS_PER_IP="0",
        SAVDO_LOG__LEVEL="error",
    )
    environment.setdefault("SAVDO_WORKER__ENABLED", "false")
    server = subprocess.Popen([BINARY, "serve"], env=environment, cwd=folder, stdout=subprocess.DEVNULL)
    for _ in range(500):
        try:
            # Ready it is not before somebody sends the messages of the demo.
            Client().connection.request("GET", "/health/")
            return server
        except OSError:
            if server.poll() is not None:
                raise SystemExit("the server did not start")
            time.sleep(0.02)
    server.kill()
    raise SystemExit("the server does not answer")


def link(reply, relation):
    found = re.search(rf'<([^>]*)>; *rel="{relation}"', reply.getheader("Link") or "")
    return re.sub(r"^https?://[^/]*", "", found.group(1)) if found else None


def signed_in(client, door, **name):
    answer = client.ask("POST", f"{door}auth/login/", {**name, "password": PASSWORD}, token="")[1]
    return answer.get("access") or answer["data"]["access"]


def fill(client, branch, products):
    """Takes in enough of these."""
    for product in products:
        movement = {"movement_type": "in", "branch": branch, "product": product, "quantity": "900000"}
        movement |= {"unit_cost": "1000.00", "series": "CPU-1", "expires_on": "2035-01-01"}
        client.ask("POST", "warehouse/movements/", movement, 201)
    return products


def goods_at(client, branch):
    """Three products with enough in stock."""
    stocks = client.ask("GET", f"warehouse/stocks/?branch={branch}&ordering=-quantity&page_size=3")[1]
    return fill(client, branch, [row["product_id"] for row in stocks])


def goods_online(client):
    """The same of those that customers order without a prescription."""
    branch = client.ask("GET", "settings/")[1][0]["online_location"]
    path = "pharmacy/products/?in_stock=true&requires_prescription=false&page_size=3"
    return fill(client, branch, [row["id"] for row in client.ask("GET", path, token="")[1]["results"]])


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


def requests_online(client):
    """The same of the online pharmacy, and what is prepared for it."""
    page = "pharmacy/products/?page_size=20"
    yield "catalogue, first page of 20", lambda client, _: client.ask("GET", page, token="")
    products = goods_online(client)
    address = {"delivery_address": "Toshkent, Chilonzor 9-kvartal, 14-uy", "payment_method": "cash"}

    def fill_cart(client, token):
        for product in products:
            line = {"product_id": product, "quantity": 1}
            client.ask("POST", "pharmacy/cart/items/", line, 201, token)

    def check_out(client, token):
        client.ask("POST", "pharmacy/orders/", address, 201, token)

    def buy(client, token):
        fill_cart(client, token)
        check_out(client, token)

    phones = [f"+99890800{number:04}" for number in range(1, 4 * LOT + 2)]
    reader, *buyers = [signed_in(client, "pharmacy/", phone_number=phone) for phone in phones]
    for token in [reader, *buyers]:
        client.ask("DELETE", "pharmacy/cart/", token=token)
    for _ in range(client.ask("GET", "pharmacy/orders/", token=reader)[1]["count"], 50):
        buy(client, reader)
    yield "own orders, 20 of 50", lambda client, _: client.ask("GET", "pharmacy/orders/", token=reader)

    def of_buyer(act):
        return lambda client, turn: act(client, buyers[client.number * LOT + turn % LOT])

    yield "three lines and checkout", of_buyer(buy)
    yield "checkout of three lines", of_buyer(check_out), of_buyer(fill_cart)


def main():
    global POSTMASTER
    POSTMASTER = postmaster()
    with tempfile.TemporaryDirectory() as folder:
        server = start(folder)
        try:
            client = Client()
            Client.token = signed_in(client, "", username="egasi")
            print(f"{'':<28} {'by':>2} {'done':>7} {'server':>9} {'database':>9} {'a second':>9}   ms on the processor each")
            for name, *acts in itertools.chain(requests(client), requests_online(client)):
                measure(name, server.pid, *acts)
        finally:
            server.terminate()
            server.wait()


main()
