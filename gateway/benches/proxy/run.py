#!/usr/bin/env python3
"""What Nearside adds to a request, beside nginx and a bare pass-through, on this machine.

    cargo build --release --bins --examples
    gateway/benches/proxy/run.py

Every target is a process of its own on loopback in front of one upstream that answers at once. Load
and upstream share the machine with the target, so requests a second say how targets compare, not
what one could do alone; processor time is the target's own. Targets take turns, round after round,
and figures are medians over the rounds. Needs Linux, Python 3.9, nginx and wrk (Debian packages
`nginx-light` and `wrk`); a target without its program is left out, and without wrk the load comes
from the example `bench_peer`. Prints Markdown; `--json FILE` keeps every single figure.
"""

import argparse
import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
DIRECT = "direct"
FLOOR = "bare hyper pass-through"
STREAMS = 16
OPEN_STREAMS = 200
CHUNKS = 200
STARTS = 5
PATIENCE_SECONDS = 60

NGINX = """
daemon off;
worker_processes auto;
pid nginx.pid;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  keepalive_requests 100000000;
  upstream far {{ server 127.0.0.1:{far}; keepalive 128; keepalive_requests 100000000; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://far;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }}
  }}
}}
"""

NEARSIDE = """
version: 1
listen: 127.0.0.1:{port}
admin: 127.0.0.1:{admin}
policy: default
targets:
  - name: upstream
    zone: cloud
    api: openai
    base_url: http://127.0.0.1:{far}/v1
    auth: {{ mode: passthrough }}
device: {{ online: true }}
"""

AUDIT = "audit: { file: audit.jsonl }\n"

# Name, level of the log, additions to the configuration.
GATEWAYS = [
    ("nearside", "warn", AUDIT),
    ("nearside, request log on", "info", AUDIT),
    ("nearside, audit log off", "warn", ""),
]

WRK = """
local request = io.open("{request}", "rb"):read("*a")
local at = request:find("\\r\\n\\r\\n", 1, true)
wrk.method = "POST"
wrk.body = request:sub(at + 4)
wrk.headers["content-type"] = "application/json"
wrk.headers["x-nearside-route"] = "cloud"
function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    '\\n{{"requests":%d,"seconds":%f,"p50_us":%d,"p99_us":%d,"failed":%d}}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    failed))
end
"""


class Target:
    """A process to put load on: its command, the folder it runs in, and the port it listens on."""

    def __init__(self, name, port, command, folder):
        self.name, self.port, self.command, self.folder = name, port, command, folder
        self.process = None
        folder.mkdir()

    def start(self):
        """Starts it, and returns the seconds until it answered for the first time."""
        begin = time.monotonic()
        log = open(self.folder / "log.txt", "ab")
        self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=log, stderr=log)
        while not answers(self.port):
            if self.process.poll() is not None or time.monotonic() - begin > PATIENCE_SECONDS:
                sys.exit(f"{self.name} does not start:\n{(self.folder / 'log.txt').read_text()}")
            time.sleep(0.001)
        return time.monotonic() - begin

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE_SECONDS)

    def pids(self):
        """The process and its children: nginx works in children."""
        own = self.process.pid
        children = pathlib.Path(f"/proc/{own}/task/{own}/children").read_text().split()
        return [own, *map(int, children)]

    def processor_seconds(self):
        # Fields 14 and 15 of proc(5), counted after the name, which may hold spaces.
        ticks = 0
        for pid in self.pids():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def resident_mib(self):
        kib = 0
        for pid in self.pids():
            for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    kib += int(line.split()[1])
        return kib / 1024


def request_bytes():
    """The plain request of `bench_peer`, for wrk and for waiting until a target answers."""
    messages = [
        {"role": "system", "content": "You are the assistant of a small library."},
        {"role": "user", "content": "When is the library open on Saturdays, and when does the "
                                    "reading room close?"},
    ]
    body = json.dumps({"model": "bench", "messages": messages}, separators=(",", ":"))
    head = ("POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n"
            "content-type: application/json\r\nx-nearside-route: cloud\r\n"
            f"content-length: {len(body)}\r\n\r\n")
    return (head + body).encode()


def answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(request_bytes())
            return connection.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [taken.getsockname()[1] for taken in sockets]
    for taken in sockets:
        taken.close()
    return ports


class Load:
    """Puts load on a port. Plain requests come from wrk where there is one."""

    def __init__(self, peer, folder, own):
        self.peer = peer
        self.wrk = None if own else shutil.which("wrk")
        (folder / "request.http").write_bytes(request_bytes())
        self.script = folder / "wrk.lua"
        self.script.write_text(WRK.format(request=folder / "request.http"))

    @property
    def name(self):
        return "wrk" if self.wrk else "bench_peer"

    def plain(self, port, connections, seconds):
        if not self.wrk:
            return self.own(port, "plain", connections, seconds)
        threads = min(connections, os.cpu_count() or 1)
        return last_json([self.wrk, f"-t{threads}", f"-c{connections}", f"-d{seconds}s",
                          "-s", str(self.script), f"http://127.0.0.1:{port}/v1/chat/completions"])

    def own(self, port, kind, connections, seconds):
        return last_json(self.own_command(port, kind, connections, seconds))

    def own_command(self, port, kind, connections, seconds):
        milliseconds = int(seconds * 1000)
        return [str(self.peer), "load", f"127.0.0.1:{port}", kind, str(connections),
                str(milliseconds)]


def last_json(command):
    run = subprocess.run(command, capture_output=True, text=True, timeout=600)
    lines = run.stdout.strip().splitlines()
    if run.returncode or not lines:
        sys.exit(f"{command[0]} failed:\n{run.stdout}{run.stderr}")
    figures = json.loads(lines[-1])
    if figures.get("failed"):
        sys.exit(f"{figures['failed']} requests failed: {' '.join(command)}")
    return figures


def targets(args, folder, far):
    """All targets that this machine has the programs for."""
    peer, nearside = args.bin / "examples" / "bench_peer", args.bin / "nearside"
    passthrough, proxy, *ports = free_ports(2 + 2 * len(GATEWAYS))
    found = [Target(FLOOR, passthrough,
                    [str(peer), "passthrough", f"127.0.0.1:{passthrough}", f"127.0.0.1:{far}"],
                    folder / "passthrough")]
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx:
        target = Target("nginx", proxy, [], folder / "nginx")
        configuration = target.folder / "nginx.conf"
        configuration.write_text(NGINX.format(far=far, port=proxy))
        target.command = [nginx, "-p", str(target.folder), "-c", str(configuration), "-e", "stderr"]
        found.append(target)
    for number, (name, level, additions) in enumerate(GATEWAYS):
        port, admin = ports[2 * number:][:2]
        target = Target(name, port, [], folder / f"nearside-{number}")
        configuration = target.folder / "nearside.yaml"
        configuration.write_text(NEARSIDE.format(far=far, port=port, admin=admin) + additions)
        target.command = [str(nearside), "serve", "--config", str(configuration),
                          "--log-level", level]
        found.append(target)
    return found


def take_turns(args, load, far, found):
    """One list of figures for each target and kind of load."""
    taken = {}
    turns = [(DIRECT, far, None)] + [(target.name, target.port, target) for target in found]
    for number in range(args.rounds):
        for connections in args.connections:
            for name, port, target in turns:
                figures = measure(target, lambda: load.plain(port, connections, args.seconds))
                taken.setdefault((name, connections), []).append(figures)
        for name, port, target in turns:
            figures = measure(target, lambda: load.own(port, "stream", STREAMS, args.seconds))
            taken.setdefault((name, "stream"), []).append(figures)
        print(f"round {number + 1} of {args.rounds}, load average {os.getloadavg()[0]:.1f}",
              file=sys.stderr)
    return taken


def measure(target, run):
    """Figures of one turn, with the processor time of the target's own process."""
    before = target.processor_seconds() if target else 0
    figures = run()
    figures["rate"] = figures["requests"] / figures["seconds"]
    if target:
        figures["cpu_us"] = (target.processor_seconds() - before) * 1e6 / figures["requests"]
    return figures


def kib_per_stream(target, load):
    """Memory at its highest while many streams are open, for each of them."""
    before = highest = target.resident_mib()
    command = load.own_command(target.port, "stream", OPEN_STREAMS, 0.001)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as streams:
        while streams.poll() is None:
            highest = max(highest, target.resident_mib())
            time.sleep(0.02)
    return (highest - before) * 1024 / OPEN_STREAMS


def middle(taken, key, figure):
    return statistics.median(figures[figure] for figures in taken[key])


def table(headings, lines):
    print("| " + " | ".join(headings) + " |")
    print("|" + " --- |" + " ---: |" * (len(headings) - 1))
    for line in lines:
        print("| " + " | ".join(line) + " |")
    print()


def report(args, load, found, taken, starts, memory):
    print(f"Load by {load.name}; {args.rounds} rounds of {args.seconds} s a target; load average "
          f"{os.getloadavg()[0]:.1f} at the end.\n")
    names = [DIRECT] + [target.name for target in found]
    table(["target", "connections", "requests/s", "of direct", "of pass-through", "p50 ms",
           "p99 ms", "added p50 ms", "CPU us a request"],
          [request_line(taken, name, connections) for connections in args.connections
           for name in names])
    table(["target", "CPU us a stream chunk", "added first chunk ms", "RSS MiB idle",
           "KiB an open stream", "RSS MiB after the load", "start ms"],
          [process_line(taken, target.name, starts, memory) for target in found])


def request_line(taken, name, connections):
    of = lambda target, figure: middle(taken, (target, connections), figure)
    rate, p50 = of(name, "rate"), of(name, "p50_us")
    line = [
        name, str(connections), f"{rate:,.0f}", f"{rate / of(DIRECT, 'rate'):.0%}",
        f"{rate / of(FLOOR, 'rate'):.2f}", f"{p50 / 1e3:.3f}", f"{of(name, 'p99_us') / 1e3:.3f}",
    ]
    if name == DIRECT:
        return line + ["", ""]
    return line + [f"{(p50 - of(DIRECT, 'p50_us')) / 1e3:.3f}", f"{of(name, 'cpu_us'):.1f}"]


def process_line(taken, name, starts, memory):
    idle, per_stream, loaded = (of_all[name] for of_all in memory)
    first = [middle(taken, (target, "stream"), "first_p50_us") for target in (name, DIRECT)]
    return [
        name, f"{middle(taken, (name, 'stream'), 'cpu_us') / CHUNKS:.1f}",
        f"{(first[0] - first[1]) / 1e3:.2f}", f"{idle:.0f}", f"{per_stream:.0f}", f"{loaded:.0f}",
        f"{statistics.median(starts[name]) * 1e3:.0f}",
    ]


def numbers(text):
    return [int(number) for number in text.split(",")]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    parser.add_argument("--bin", type=pathlib.Path, default=target / "release",
                        help="folder with the programs (default: %(default)s)")
    parser.add_argument("--connections", type=numbers, default=[1, 64], metavar="N,...")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of each turn")
    parser.add_argument("--own-load", action="store_true", help="bench_peer in place of wrk")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="every single figure")
    args = parser.parse_args()
    args.bin = args.bin.resolve()
    for needed in [args.bin / "nearside", args.bin / "examples" / "bench_peer"]:
        if not needed.exists():
            sys.exit(f"{needed} is missing: cargo build --release --bins --examples")
    return args


def main():
    args = arguments()
    with tempfile.TemporaryDirectory(prefix="nearside-bench-") as name:
        folder = pathlib.Path(name)
        (far,) = free_ports(1)
        peer = args.bin / "examples" / "bench_peer"
        upstream = Target("upstream", far, [str(peer), "upstream", f"127.0.0.1:{far}"],
                          folder / "upstream")
        found = targets(args, folder, far)
        load = Load(peer, folder, args.own_load)
        try:
            upstream.start()
            starts = {target.name: [] for target in found}
            for number in range(STARTS):
                for target in found:
                    starts[target.name].append(target.start())
                    if number < STARTS - 1:
                        target.stop()
            time.sleep(1)
            idle = {target.name: target.resident_mib() for target in found}
            per_stream = {target.name: kib_per_stream(target, load) for target in found}
            for target in found:
                load.plain(target.port, 8, 1)
            taken = take_turns(args, load, far, found)
            loaded = {target.name: target.resident_mib() for target in found}
        finally:
            for target in [*found, upstream]:
                target.stop()
    report(args, load, found, taken, starts, (idle, per_stream, loaded))
    if args.json:
        every = [{"target": name, "load": kind, "figures": figures}
                 for (name, kind), figures in taken.items()]
        args.json.write_text(json.dumps({"turns": every, "start_seconds": starts}, indent=1))


if __name__ == "__main__":
    main()
