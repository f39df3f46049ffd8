"""S3: conditions in bucket policies."""

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
