"""EC2: descriptions of rules between security groups, and what a launch template holds."""

from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.responses.launch_templates import LaunchTemplates

from .corrections import after_init, wrapped


@after_init(SecurityGroupRule)
def _(self, source_group=None, prefix_list_id=None, **_):
    """SecurityGroupRule: `Description` is a member of the rule, whatever the rule refers to. Moto has it for addresses."""
    referred = source_group or prefix_list_id or {}
    self._description = referred.get("Description") or self.ip_range.get("Description")
    self.source_group = {key: value for key, value in self.source_group.items() if key != "Description"}


SecurityGroupRule.description = property(lambda self: self._description)


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
