"""S3: conditions in bucket policies, and policies for the delivery of access logs."""

import json

from moto.s3.models import FakeBucket

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


@wrapped(FakeBucket)
def _log_permissions_enabled_policy(original, target_bucket, target_prefix):
    """A principal may be "*" (IAM user guide, "Principal"): moto expects services only. Statements for everybody say
    nothing about the service that delivers logs."""
    if target_bucket.policy is None:
        return False
    policy = target_bucket.policy
    document = json.loads(policy)
    document["Statement"] = [each for each in document["Statement"] if isinstance(each.get("Principal"), dict)]
    target_bucket.policy = json.dumps(document).encode()
    try:
        return original(target_bucket, target_prefix)
    finally:
        target_bucket.policy = policy
