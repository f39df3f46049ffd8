"""The server: moto behind one lock, and the driver's commands on standard input."""

import json
import sys
import threading
import traceback

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from . import connections, existing, objects, response_headers_policies

# What moto does not have at all.
SERVICES = (connections, response_headers_policies)

COMMANDS = {"bucket": existing.bucket, "existing": existing.create, "objects": objects.save}


class Application(DomainDispatcherApplication):
    """Moto's dispatcher, one request at a time: its models are plain objects that were not made for threads."""

    def __init__(self):
        super().__init__(create_backend_app)
        self.turn = threading.Lock()

    def __call__(self, environ, start_response):
        with self.turn:
            try:
                for service in SERVICES:
                    if service.is_meant(environ):
                        return service.answer(environ, start_response)
                return super().__call__(environ, start_response)
            except Exception:
                # Not 500, which clients take for a passing fault and try again for minutes.
                problem = traceback.format_exc()
                print(problem, file=sys.stderr)
                start_response("501 Not Implemented", [("Content-Type", "text/plain")])
                return [problem.splitlines()[-1].encode()]


class Handler(MotoRequestHandler):
    """Keeps connections open: Terraform sends thousands of requests."""

    protocol_version = "HTTP/1.1"


def serve():
    """Serves on a free port, printed first, until standard input ends: a mock never outlives its driver."""
    application = Application()
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.port, flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        with application.turn:
            result = COMMANDS[command.pop("command")](**command)
        print(json.dumps(result), flush=True)
