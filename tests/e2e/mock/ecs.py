"""ECS: what a service was asked to be."""

from botocore import xform_name
from moto.ecs.responses import EC2ContainerServiceResponse

from .corrections import wrapped

# Members of the type Service that CreateService and UpdateService take under the same name, and that moto forgets.
KEPT = (
    "availabilityZoneRebalancing",
    "capacityProviderStrategy",
    "deploymentConfiguration",
    "enableECSManagedTags",
    "enableExecuteCommand",
    "healthCheckGracePeriodSeconds",
    "placementConstraints",
    "placementStrategy",
)


def keep(response, service):
    """Keeps what a request says. Service Connect belongs to the deployment (the type Deployment)."""
    for name in KEPT:
        value = response._get_param(name)
        if value is not None:
            setattr(service, xform_name(name), value)
    connect = response._get_param("serviceConnectConfiguration")
    if connect is not None and service.deployments:
        service.deployments[0]["serviceConnectConfiguration"] = connect


@wrapped(EC2ContainerServiceResponse)
def create_service(original, self):
    """CreateService: the service has the members it was asked for. Without `launchType` and a strategy it is of EC2; with
    a strategy it has no launch type."""
    answer = original(self)
    service = answer.result["service"]
    service.availability_zone_rebalancing = "DISABLED"
    keep(self, service)
    return answer


@wrapped(EC2ContainerServiceResponse)
def update_service(original, self):
    """UpdateService changes the same members."""
    answer = original(self)
    keep(self, answer.result["service"])
    return answer
