"""EC2: descriptions of rules between security groups, what a launch template holds, routes of endpoints."""

from moto.ec2.models.launch_templates import LaunchTemplate
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.models.vpcs import VPCBackend
from moto.ec2.responses.launch_templates import LaunchTemplates

from .corrections import after_init, wrapped


@after_init(SecurityGroupRule)
def _(self, source_group=None, prefix_list_id=None, **_):
    """SecurityGroupRule: `Description` is a member of the rule, whatever the rule refers to. Moto has it for addresses."""
    referred = source_group or prefix_list_id or {}
    self._description = referred.get("Description") or self.ip_range.get("Description")
    self.source_group = {key: value for key, value in self.source_group.items() if key != "Description"}


SecurityGroupRule.description = property(lambda self: self._description)


# LaunchTemplate: `Tags` are those it has now, after CreateTags as well. Moto answers with those it was created with.
LaunchTemplate.tags = property(lambda self: self.get_tags(), lambda self, _: None)


@wrapped(LaunchTemplates)
def create_launch_template(original, self):
    """CreateLaunchTemplate: `TagSpecification` of the request tags the template itself. Only `LaunchTemplateData` has
    what is passed on, and moto adds those tags to it."""
    answer = original(self)
    template = self.ec2_backend.get_launch_template_by_name(self._get_param("LaunchTemplateName"))
    for version in template.versions:
        specifications = version.data.pop("TagSpecifications", [])
        passed = [each for each in specifications if each["ResourceType"] != "launch-template"]
        if passed:
            version.data["TagSpecifications"] = passed
    return answer


@wrapped(VPCBackend)
def modify_vpc_endpoint(original, self, vpc_id, **changes):
    """ModifyVpcEndpoint: route tables that are associated with a gateway endpoint have a route to it, and those that
    are no longer have none (VPC guide, "Gateway endpoints", routing). Moto makes routes at creation only."""
    endpoint = self.describe_vpc_endpoints(vpc_end_point_ids=[vpc_id])[0]
    before = set(endpoint.route_table_ids or [])
    original(self, vpc_id=vpc_id, **changes)
    after = set(endpoint.route_table_ids or [])
    prefixes = endpoint.destination_prefix_list_id
    for table in after - before if prefixes else ():
        self.create_route(table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefixes)
    for table in before - after if prefixes else ():
        self.delete_route(table, prefixes)
