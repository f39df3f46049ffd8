"""CodeConnections, by its old and its new name: a service that moto lacks.

https://docs.aws.amazon.com/codeconnections/latest/APIReference/API_Operations.html
"""

import json
import uuid

from .corrections import ACCOUNT

NAMES = ("codestar-connections", "codeconnections")
CONNECTIONS = {}


def is_meant(environ):
    """Whether a request is signed for this service."""
    scope = environ.get("HTTP_AUTHORIZATION", "").split(",")[0].split("/")
    return len(scope) == 5 and scope[3] in NAMES


def answer(environ, start_response):
    """Answers a request, in JSON 1.0."""
    _, _, region, service, _ = environ["HTTP_AUTHORIZATION"].split(",")[0].split("/")
    action = environ["HTTP_X_AMZ_TARGET"].rsplit(".", 1)[1]
    request = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    arn = request.get("ConnectionArn") or request.get("ResourceArn")
    if action == "CreateConnection":
        arn = f"arn:aws:{service}:{region}:{ACCOUNT}:connection/{uuid.uuid4()}"
        status, body = 200, create(arn, request)
    elif arn not in CONNECTIONS:
        status, body = 400, {"__type": "ResourceNotFoundException", "Message": f"{arn} was not found"}
    else:
        status, body = 200, ACTIONS[action](arn, request)
    text = json.dumps(body).encode()
    headers = [("Content-Type", "application/x-amz-json-1.0"), ("Content-Length", str(len(text)))]
    start_response(f"{status} {'OK' if status == 200 else 'Bad Request'}", headers)
    return [text]


def create(arn, request):
    """CreateConnection: pending until a person has shaken hands with the provider in the console."""
    connection = {
        "ConnectionArn": arn,
        "ConnectionName": request["ConnectionName"],
        "ConnectionStatus": "PENDING",
        "OwnerAccountId": ACCOUNT,
        "ProviderType": request.get("ProviderType"),
    }
    CONNECTIONS[arn] = {"connection": connection, "tags": {}}
    tag(arn, request)
    return {"ConnectionArn": arn, "Tags": request.get("Tags", [])}


def get(arn, _):
    """GetConnection."""
    return {"Connection": CONNECTIONS[arn]["connection"]}


def delete(arn, _):
    """DeleteConnection."""
    del CONNECTIONS[arn]
    return {}


def tags(arn, _):
    """ListTagsForResource."""
    return {"Tags": [{"Key": key, "Value": value} for key, value in CONNECTIONS[arn]["tags"].items()]}


def tag(arn, request):
    """TagResource."""
    CONNECTIONS[arn]["tags"].update({each["Key"]: each["Value"] for each in request.get("Tags", [])})
    return {}


def untag(arn, request):
    """UntagResource."""
    for key in request["TagKeys"]:
        CONNECTIONS[arn]["tags"].pop(key, None)
    return {}


ACTIONS = {
    "DeleteConnection": delete,
    "GetConnection": get,
    "ListTagsForResource": tags,
    "TagResource": tag,
    "UntagResource": untag,
}
