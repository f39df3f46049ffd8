"""RDS: identities of instances, Performance Insights, sources of parameters."""

import secrets
import string

from moto.core.responses import ActionResult
from moto.rds.models import DBInstance, DBParameterGroup, RDSBackend
from moto.rds.responses import RDSResponse

from .corrections import added, after_init, wrapped


@after_init(DBInstance)
def _(self, enable_performance_insights=None, performance_insights_retention_period=None, **settings):
    """DBInstance: `DbiResourceId` is unique (moto's is the same for all), and the members about Performance Insights
    are what CreateDBInstance was asked for; by default it keeps data for 7 days."""
    letters = string.ascii_uppercase + string.digits
    self.dbi_resource_id = "db-" + "".join(secrets.choice(letters) for _ in range(26))
    self.performance_insights_enabled = bool(enable_performance_insights)
    self.performance_insights_kms_key_id = settings.get("performance_insights_kms_key_id")
    self.performance_insights_retention_period = performance_insights_retention_period
    if self.performance_insights_enabled and not performance_insights_retention_period:
        self.performance_insights_retention_period = 7


@wrapped(DBInstance)
def update(original, self, **settings):
    """ModifyDBInstance calls the switch `EnablePerformanceInsights`, and the type DBInstance has it in the past tense."""
    enable = settings.pop("enable_performance_insights", None)
    if enable is not None:
        self.performance_insights_enabled = enable
    original(self, **settings)


@wrapped(RDSBackend)
def modify_db_subnet_group(original, self, subnet_name, description, subnets):
    """ModifyDBSubnetGroup: the group is still there afterwards; moto loses it."""
    group = original(self, subnet_name, description, subnets)
    self.subnet_groups[subnet_name] = group
    return group


@wrapped(DBParameterGroup)
def update_parameters(original, self, new_parameters):
    """Parameter: `Source` is `user` for what ModifyDBParameterGroup has set; moto leaves it out."""
    original(self, [dict(parameter, Source="user") for parameter in new_parameters])


@added(RDSResponse)
def reset_db_parameter_group(self):
    """ResetDBParameterGroup: parameters go back to their defaults."""
    name = self.params["DBParameterGroupName"]
    group = self.backend.db_parameter_groups[name]
    for parameter in self.params.get("Parameters", []):
        group.parameters.pop(parameter["ParameterName"], None)
    return ActionResult({"DBParameterGroupName": name})
