"""Elastic Load Balancing: protection from deletion."""

from moto.core.exceptions import ServiceException
from moto.elbv2.models import ELBv2Backend

from .corrections import wrapped


class OperationNotPermitted(ServiceException):
    """What DeleteLoadBalancer answers where deletion protection is enabled."""

    code = "OperationNotPermitted"


@wrapped(ELBv2Backend)
def delete_load_balancer(original, self, arn):
    """DeleteLoadBalancer: "you can't delete a load balancer if deletion protection is enabled". Moto deletes it."""
    balancer = self.load_balancers.get(arn)
    if balancer and balancer.attrs.get("deletion_protection.enabled") == "true":
        raise OperationNotPermitted(f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled")
    original(self, arn)
