"""S3: conditions in bucket policies, and policies for the delivery of access logs."""

import json
from fnmatch import fnmatchcase

from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response

from .corrections import wrapped


@wrapped(FakeBucket)
def get_permission(original, self, action, resource):
    """A statement applies only where its `Condition` is met (IAM user guide, "IAM JSON policy elements: Condition").
    Moto reads past conditions, so that "deny what is not TLS" would deny everything. Statements with a condition are
    left out: the mock cannot tell whether it is met."""
    if self.policy is None:
        return original(self, action, resource)
    policy = self.policy
    document = json.loads(policy)
    document["Statement"] = [each for each in document["Statement"] if "Condition" not in each]
    self.policy = json.dumps(document).encode()
    try:
        return original(self, action, resource)
    finally:
        self.policy = policy


@wrapped(S3Response)
def get_bucket_notification(original, self):
    """The configuration has an empty `EventBridgeConfiguration` when events go to EventBridge
    (GetBucketNotificationConfiguration). Moto keeps it and does not show it."""
    configuration = self.backend.get_bucket_notification_configuration(self.bucket_name)
    answer = original(self)
    if configuration is None or configuration.event_bridge is None:
        return answer
    status, headers, body = answer
    end = "</NotificationConfiguration>"
    if body.endswith("/>"):
        body = f"{body.removesuffix('/>')}>{end}"
    return status, headers, body.replace(end, f"<EventBridgeConfiguration></EventBridgeConfiguration>{end}")


@wrapped(FakeBucket)
def _log_permissions_enabled_policy(_, target_bucket, target_prefix):
    """The service that delivers logs may write where a statement allows it (S3 user guide, "Enabling Amazon S3 server
    access logging", permissions). Moto knows single texts only: no list, no other pattern, no principal "*"."""
    document = json.loads(target_bucket.policy or '{"Statement": []}')
    written = f"{target_bucket.arn}/{target_prefix or ''}log"
    return any(allows_logs(statement, written) for statement in document["Statement"])


def allows_logs(statement, written):
    """Whether a statement lets the service write an object of this ARN."""
    principal = statement.get("Principal")
    services = many(principal.get("Service", [])) if isinstance(principal, dict) else []
    return (
        statement["Effect"] == "Allow"
        and "logging.s3.amazonaws.com" in services
        and any(fnmatchcase("s3:PutObject", action) for action in many(statement["Action"]))
        and any(fnmatchcase(written, resource) for resource in many(statement["Resource"]))
    )


def many(value):
    """A text or a list, as a list."""
    return [value] if isinstance(value, str) else value
