"""EC2 Auto Scaling: the longest life of an instance, which moto forgets."""

from moto.autoscaling.models import FakeAutoScalingGroup, autoscaling_backends
from moto.autoscaling.responses import AutoScalingResponse

from .corrections import wrapped

FakeAutoScalingGroup.max_instance_lifetime = None


def keep_lifetime(original, self):
    """CreateAutoScalingGroup and UpdateAutoScalingGroup take `MaxInstanceLifetime`; the type AutoScalingGroup has it."""
    answer = original(self)
    lifetime = self._get_int_param("MaxInstanceLifetime")
    if lifetime is not None:
        groups = autoscaling_backends[self.current_account][self.region].autoscaling_groups
        groups[self._get_param("AutoScalingGroupName")].max_instance_lifetime = lifetime
    return answer


for name in ("create_auto_scaling_group", "update_auto_scaling_group"):
    keep_lifetime.__name__ = name
    wrapped(AutoScalingResponse)(keep_lifetime)
