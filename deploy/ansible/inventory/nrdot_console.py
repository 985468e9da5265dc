#!/usr/bin/env python3
"""Dynamic inventory of the hosts that an NRDOT console knows.

    ansible-inventory -i inventory/nrdot_console.py --graph

Settings come from the environment:
    NRDOT_CONSOLE_URL        address of the console, such as https://console.example
    NRDOT_CONSOLE_TOKEN      an API token with the scope config.read; or
    NRDOT_CONSOLE_TOKEN_FILE a file that holds it
    NRDOT_CONSOLE_TENANT     only this tenant's hosts
    NRDOT_CONSOLE_CA_FILE    certificates to trust instead of the system's
    NRDOT_CONSOLE_TIMEOUT    seconds for one request (10)
    NRDOT_CONSOLE_PAGE_SIZE  hosts asked for at once, 1 to 1000 (500)

Exit code 1 with one line on stderr where the console cannot be read: an
inventory that is cut short would look like a smaller fleet.
"""
import argparse
import json
import os
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

ATTEMPTS = 3
MAX_PAGES = 1000
MAX_BYTES = 64 * 1024 * 1024


class Failure(Exception):
    """What went wrong, and what to do."""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to wherever it points."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        raise Failure(f"the console redirects to {newurl}: set NRDOT_CONSOLE_URL to its real address")


def number(name, fallback, least, most):
    text = os.environ.get(name, "")
    if not text:
        return fallback
    try:
        value = float(text)
    except ValueError:
        value = None
    if value is None or not least <= value <= most:
        raise Failure(f"{name} '{text}' is not a number from {least} to {most}")
    return value


def read_token():
    token = os.environ.get("NRDOT_CONSOLE_TOKEN", "").strip()
    path = os.environ.get("NRDOT_CONSOLE_TOKEN_FILE", "")
    if not token and path:
        try:
            with open(path, encoding="utf-8") as file:
                token = file.read().strip()
        except OSError as fault:
            raise Failure(f"NRDOT_CONSOLE_TOKEN_FILE cannot be read: {fault}") from fault
    if not token:
        raise Failure("NRDOT_CONSOLE_TOKEN is not set: make an API token with config.read on the console's Tokens page")
    return token


class Console:
    def __init__(self):
        self.url = os.environ.get("NRDOT_CONSOLE_URL", "").rstrip("/")
        if urllib.parse.urlsplit(self.url).scheme not in ("http", "https"):
            raise Failure("NRDOT_CONSOLE_URL is not set to the console's address, such as https://console.example")
        self.token = read_token()
        self.timeout = number("NRDOT_CONSOLE_TIMEOUT", 10, 0.1, 600)
        self.page_size = int(number("NRDOT_CONSOLE_PAGE_SIZE", 500, 1, 1000))
        self.tenant = os.environ.get("NRDOT_CONSOLE_TENANT", "")
        try:
            context = ssl.create_default_context(cafile=os.environ.get("NRDOT_CONSOLE_CA_FILE") or None)
        except OSError as fault:
            raise Failure(f"NRDOT_CONSOLE_CA_FILE cannot be read: {fault}") from fault
        self.opener = urllib.request.build_opener(NoRedirect, urllib.request.HTTPSHandler(context=context))

    def page(self, offset):
        query = {"offset": offset, "limit": self.page_size}
        if self.tenant:
            query["tenant"] = self.tenant
        address = f"{self.url}/api/v1/inventory/ansible?{urllib.parse.urlencode(query)}"
        request = urllib.request.Request(address, headers={"Authorization": f"Bearer {self.token}", "Accept": "application/json"})
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.opener.open(request, timeout=self.timeout) as answer:
                    body = answer.read(MAX_BYTES + 1)
                if len(body) > MAX_BYTES:
                    raise Failure(f"{self.url} answers more than {MAX_BYTES} bytes for one page: lower NRDOT_CONSOLE_PAGE_SIZE")
                return json.loads(body)
            except urllib.error.HTTPError as fault:
                if fault.code not in (429, 502, 503, 504) or attempt == ATTEMPTS:
                    raise Failure(self.explain(fault)) from fault
            except (urllib.error.URLError, TimeoutError, ConnectionError) as fault:
                if attempt == ATTEMPTS:
                    raise Failure(f"{self.url} does not answer within {self.timeout:g} s: {getattr(fault, 'reason', fault)}") from fault
            except ValueError as fault:
                raise Failure(f"{self.url} answers no JSON: is it the console's address?") from fault
            time.sleep(attempt)

    def explain(self, fault):
        hints = {
            401: "it does not know this token, or the token has expired",
            403: "the token needs the scope config.read, and may be limited to tenants: name one in NRDOT_CONSOLE_TENANT",
            404: "it has no inventory: is it the console's address, and a version that has one?",
            429: "it is asked too often",
        }
        return f"{self.url} answers {fault.code}: {hints.get(fault.code, fault.reason)}"

    def inventory(self):
        """All pages as one inventory."""
        whole = {"_meta": {"hostvars": {}}}
        offset = 0
        for _ in range(MAX_PAGES):
            page = self.page(offset)
            if not isinstance(page, dict) or not isinstance(page.get("_meta"), dict):
                raise Failure(f"{self.url} answers something else than an inventory")
            meta = page.pop("_meta")
            whole["_meta"]["hostvars"].update(meta.get("hostvars", {}))
            for name, group in page.items():
                known = whole.setdefault(name, {"hosts": []})
                seen = set(known["hosts"])
                known["hosts"] += [host for host in group["hosts"] if host not in seen]
                if "vars" in group:
                    known["vars"] = group["vars"]
            offset = meta.get("next")
            if offset is None:
                for host in meta.get("left_out", []):
                    print(f"nrdot_console.py: left out {host['tenant']}/{host['name']!r}: {host['why']}", file=sys.stderr)
                return whole
        raise Failure(f"the inventory has more than {MAX_PAGES} pages: raise NRDOT_CONSOLE_PAGE_SIZE")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--list", action="store_true", help="all groups, hosts and their variables")
    wanted.add_argument("--host", metavar="NAME", help="one host's variables")
    arguments = parser.parse_args()
    try:
        inventory = Console().inventory()
    except Failure as fault:
        print(f"nrdot_console.py: {fault}", file=sys.stderr)
        return 1
    print(json.dumps(inventory if arguments.list else inventory["_meta"]["hostvars"].get(arguments.host, {}), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
