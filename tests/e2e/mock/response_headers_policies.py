"""CloudFront's response headers policies, which moto lacks.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateResponseHeadersPolicy.html and its neighbours.
"""

import re
import uuid

PATH = re.compile(r"/2020-05-31/response-headers-policy(?:/([^/]+))?(/config)?")
NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/"
CONFIG = re.compile(r"<ResponseHeadersPolicyConfig.*</ResponseHeadersPolicyConfig>", re.DOTALL)
POLICIES = {}


def is_meant(environ):
    """Whether a request is about these policies."""
    return PATH.fullmatch(environ.get("PATH_INFO", "")) is not None


def answer(environ, start_response):
    """Create, get, update and delete: the configuration comes back as it was sent, with an identifier and a version."""
    identifier, _ = PATH.fullmatch(environ["PATH_INFO"]).groups()
    method = environ["REQUEST_METHOD"]
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
    if method == "POST":
        identifier = str(uuid.uuid4())
    elif identifier not in POLICIES:
        return respond(start_response, "404 Not Found", error("NoSuchResponseHeadersPolicy"))
    elif method in ("PUT", "DELETE") and environ.get("HTTP_IF_MATCH") != POLICIES[identifier]["version"]:
        return respond(start_response, "412 Precondition Failed", error("PreconditionFailed"))
    if method == "DELETE":
        del POLICIES[identifier]
        return respond(start_response, "204 No Content", "")
    if method in ("POST", "PUT"):
        POLICIES[identifier] = {"config": CONFIG.search(body)[0], "version": uuid.uuid4().hex[:14].upper()}
    policy = POLICIES[identifier]
    text = (
        f'<ResponseHeadersPolicy xmlns="{NAMESPACE}"><Id>{identifier}</Id>'
        f"<LastModifiedTime>2026-01-01T00:00:00Z</LastModifiedTime>{policy['config']}</ResponseHeadersPolicy>"
    )
    return respond(start_response, "201 Created" if method == "POST" else "200 OK", text, policy["version"])


def error(code):
    """An error as CloudFront words it."""
    return f'<ErrorResponse xmlns="{NAMESPACE}"><Error><Code>{code}</Code><Message>{code}</Message></Error></ErrorResponse>'


def respond(start_response, status, text, version=None):
    """Sends XML; the version of a policy is its ETag."""
    headers = [("Content-Type", "text/xml"), ("Content-Length", str(len(text.encode())))]
    start_response(status, headers + ([("ETag", version)] if version else []))
    return [text.encode()]
