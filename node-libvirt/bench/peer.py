"""The same work as worker.ts, done with libvirt's own Python binding (the C library).

Reads one JSON command a line: {"op", "uri", "n", ...}; answers with one JSON line {"value"} in the
unit of the operation, or {"error"}. Time is taken here, so starting the interpreter never counts.
"""

import json
import sys
import threading
import time

import libvirt

THREADS = 8
CHUNK = 1 << 20
connections = {}
volumes = {}
body = bytes(range(256)) * (CHUNK // 256)


def connection(uri):
    if uri not in connections:
        connections[uri] = libvirt.open(uri)
    return connections[uri]


def milliseconds(work):
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def in_threads(work):
    threads = [threading.Thread(target=work, args=(index,)) for index in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def sequential(uri, n, name, **_):
    link = connection(uri)

    def work():
        for _ in range(n):
            link.lookupByName(name).UUIDString()

    return milliseconds(work)


def pipelined(uri, n, name, **_):
    link = connection(uri)

    def work(index):
        for _ in range(index, n, THREADS):
            link.lookupByName(name).UUIDString()

    return milliseconds(lambda: in_threads(work))


def describe(domain):
    domain.XMLDesc(0)
    domain.state(0)


def list_in_turn(uri, **_):
    def work():
        for domain in connection(uri).listAllDomains(0):
            describe(domain)

    return milliseconds(work)


def list_at_once(uri, **_):
    def work():
        domains = connection(uri).listAllDomains(0)

        def part(index):
            for domain in domains[index::THREADS]:
                describe(domain)

        in_threads(part)

    return milliseconds(work)


def statistics(uri, n, **_):
    def work():
        for _ in range(n):
            connection(uri).getAllDomainStats(0, 0)

    return milliseconds(work) / n


def volume(uri, pool, name):
    if name not in volumes:
        volumes[name] = connection(uri).storagePoolLookupByName(pool).storageVolLookupByName(name)
    return volumes[name]


def upload(uri, pool, volume_name, n, **_):
    target = volume(uri, pool, volume_name)

    def work():
        stream = connection(uri).newStream(0)
        target.upload(stream, 0, n, 0)
        for _ in range(0, n, CHUNK):
            if stream.send(body) != CHUNK:
                raise RuntimeError("the stream took only a part")
        stream.finish()

    return n / (1 << 20) / (milliseconds(work) / 1000)


def download(uri, pool, volume_name, n, **_):
    source = volume(uri, pool, volume_name)

    def work():
        stream = connection(uri).newStream(0)
        source.download(stream, 0, n, 0)
        total = 0
        while True:
            data = stream.recv(CHUNK)
            if not data:
                break
            total += len(data)
        stream.finish()
        if total != n:
            raise RuntimeError(f"{total} bytes came instead of {n}")

    return n / (1 << 20) / (milliseconds(work) / 1000)


def event(uri, n, name, **_):
    """Milliseconds from a call that changes a domain to the event that tells of it; the median."""
    link = connection(uri)
    came = threading.Event()
    times = []

    def listener(*_):
        times.append(time.perf_counter())
        came.set()

    domain = link.lookupByName(name)
    key = link.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_METADATA_CHANGE, listener, None)
    found = []
    for index in range(n):
        came.clear()
        start = time.perf_counter()
        domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_TITLE, f"title {index}", None, None, libvirt.VIR_DOMAIN_AFFECT_CONFIG)
        if not came.wait(10):
            raise RuntimeError("no event within 10 s")
        found.append((times[-1] - start) * 1000)
    link.domainEventDeregisterAny(key)
    return sorted(found)[n // 2]


def resident_kib():
    with open("/proc/self/smaps_rollup") as file:
        for line in file:
            if line.startswith("Rss:"):
                return int(line.split()[1])
    return 0


def memory(uri, n, **_):
    """KiB that one more connection takes, over n of them."""
    libvirt.open(uri).close()
    before = resident_kib()
    opened = [libvirt.open(uri) for _ in range(n)]
    for link in opened:
        link.getLibVersion()
    grown = (resident_kib() - before) / n
    for link in opened:
        link.close()
    return grown


OPERATIONS = {
    operation.__name__: operation
    for operation in (
        sequential,
        pipelined,
        list_in_turn,
        list_at_once,
        statistics,
        upload,
        download,
        event,
        memory,
    )
}


def run_events():
    while True:
        libvirt.virEventRunDefaultImpl()


libvirt.registerErrorHandler(lambda *_: None, None)
if "--events" in sys.argv:
    # Only where events are measured: a loop that watches every socket makes calls slower.
    libvirt.virEventRegisterDefaultImpl()
    threading.Thread(target=run_events, daemon=True).start()

for line in sys.stdin:
    command = json.loads(line)
    try:
        answer = {"value": OPERATIONS[command.pop("op")](**command)}
    except Exception as error:  # Whatever it is, the one who asked shall know.
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
