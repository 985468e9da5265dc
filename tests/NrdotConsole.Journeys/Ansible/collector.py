#!/usr/bin/env python3
"""A stand-in for a collector: it validates, and it runs with a health endpoint.

    collector.py validate --config=FILE
    collector.py start FOLDER PORT     ends the one that runs in FOLDER, then runs FOLDER/config.yaml

Faults, by files in the folder of the configuration: refuse-validate has it refuse what it is given; healthy-only holds the SHA-256 of
the one configuration that it is healthy with.
"""
import hashlib
import http.server
import os
import signal
import subprocess
import sys
import time

verb = sys.argv[1]
if verb == "validate":
    path = sys.argv[2].split("=", 1)[1]
    if os.path.exists(os.path.join(os.path.dirname(path), "refuse-validate")):
        sys.exit("Error: cannot unmarshal the configuration: refused on purpose")
    sys.exit(0 if "service:" in open(path, encoding="utf-8").read() else "Error: no service")

folder, port = sys.argv[2], int(sys.argv[3])
pid_file = os.path.join(folder, "collector.pid")
if verb == "start":
    if os.path.exists(pid_file):
        pid = int(open(pid_file, encoding="utf-8").read())
        try:
            os.kill(pid, signal.SIGTERM)
            while os.path.exists(f"/proc/{pid}") and "Z" not in open(f"/proc/{pid}/stat", encoding="utf-8").read().split(")")[1][:3]:
                time.sleep(0.02)
        except (ProcessLookupError, FileNotFoundError):
            pass
    child = subprocess.Popen([sys.executable, __file__, "run", folder, str(port)], start_new_session=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(pid_file, "w", encoding="utf-8") as file:
        file.write(str(child.pid))
    sys.exit(0)

running = hashlib.sha256(open(os.path.join(folder, "config.yaml"), "rb").read()).hexdigest()
only = os.path.join(folder, "healthy-only")
healthy = not os.path.exists(only) or open(only, encoding="utf-8").read().strip() == running


class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if healthy else 503)
        self.end_headers()

    def log_message(self, *arguments):
        pass


http.server.ThreadingHTTPServer.allow_reuse_address = True
http.server.ThreadingHTTPServer(("127.0.0.1", port), Health).serve_forever()
