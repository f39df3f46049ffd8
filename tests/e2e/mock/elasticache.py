"""ElastiCache: parameter groups, the clusters that a replication group consists of, and deleting."""

import re

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache.models import CacheCluster, ElastiCacheBackend, ReplicationGroup
from moto.elasticache.responses import ElastiCacheResponse

from .corrections import added, after_init, wrapped


@after_init(ElastiCacheBackend)
def _(self, **_):
    """ListTagsForResource takes the ARN of a parameter group, too (the action's page lists the types)."""
    self.arn_regex = re.compile(r"^arn:aws:elasticache:[^:]*:\d*:[a-z]+:.+$")
    self.parameter_groups = {}


class CacheParameterGroupNotFound(ServiceException):
    """The error that the actions about parameter groups give for an unknown name."""

    code = "CacheParameterGroupNotFound"


def parameter_group(response):
    """The parameter group that a request names."""
    name = response._get_param("CacheParameterGroupName")
    found = response.elasticache_backend.parameter_groups.get(name)
    if found is None:
        raise CacheParameterGroupNotFound(f"CacheParameterGroup {name} not found.")
    return found


@added(ElastiCacheResponse)
def create_cache_parameter_group(self):
    """CreateCacheParameterGroup: the members of the type CacheParameterGroup; no parameter is changed yet."""
    name = self._get_param("CacheParameterGroupName")
    arn = f"arn:aws:elasticache:{self.region}:{self.current_account}:parametergroup:{name}"
    group = {
        "CacheParameterGroupName": name,
        "CacheParameterGroupFamily": self._get_param("CacheParameterGroupFamily"),
        "Description": self._get_param("Description"),
        "IsGlobal": False,
        "ARN": arn,
    }
    self.elasticache_backend.parameter_groups[name] = {"group": group, "changed": {}}
    self.elasticache_backend.add_tags_to_resource(arn, self._get_param("Tags", []))
    return ActionResult({"CacheParameterGroup": group})


@added(ElastiCacheResponse)
def describe_cache_parameter_groups(self):
    """DescribeCacheParameterGroups, by name."""
    return ActionResult({"CacheParameterGroups": [parameter_group(self)["group"]]})


@added(ElastiCacheResponse)
def modify_cache_parameter_group(self):
    """ModifyCacheParameterGroup: sets parameters."""
    group = parameter_group(self)
    for parameter in self._get_param("ParameterNameValues", []):
        group["changed"][parameter["ParameterName"]] = parameter["ParameterValue"]
    return ActionResult({"CacheParameterGroupName": group["group"]["CacheParameterGroupName"]})


@added(ElastiCacheResponse)
def reset_cache_parameter_group(self):
    """ResetCacheParameterGroup: parameters go back to their defaults."""
    group = parameter_group(self)
    for parameter in self._get_param("ParameterNameValues", []):
        group["changed"].pop(parameter["ParameterName"], None)
    return ActionResult({"CacheParameterGroupName": group["group"]["CacheParameterGroupName"]})


@added(ElastiCacheResponse)
def describe_cache_parameters(self):
    """DescribeCacheParameters with `Source = user`: only what was changed."""
    changed = parameter_group(self)["changed"].items()
    return ActionResult(
        {"Parameters": [{"ParameterName": name, "ParameterValue": value, "Source": "user"} for name, value in changed]}
    )


@added(ElastiCacheResponse)
def delete_cache_parameter_group(self):
    """DeleteCacheParameterGroup."""
    group = parameter_group(self)["group"]
    del self.elasticache_backend.parameter_groups[group["CacheParameterGroupName"]]
    return EmptyResult()


@added(ElastiCacheResponse)
def delete_cache_subnet_group(self):
    """DeleteCacheSubnetGroup."""
    name = self._get_param("CacheSubnetGroupName")
    self.elasticache_backend.describe_cache_subnet_groups(name)
    del self.elasticache_backend.cache_subnet_groups[name]
    return EmptyResult()


@added(ElastiCacheResponse)
def modify_cache_subnet_group(self):
    """ModifyCacheSubnetGroup: other subnets and another description, under the same name."""
    backend, name = self.elasticache_backend, self._get_param("CacheSubnetGroupName")
    old = backend.describe_cache_subnet_groups(name)[0]
    del backend.cache_subnet_groups[name]
    new = backend.create_cache_subnet_group(
        name,
        self._get_param("CacheSubnetGroupDescription") or old.cache_subnet_group_description,
        self._get_param("SubnetIds") or old.subnet_ids,
        None,
    )
    return ActionResult({"CacheSubnetGroup": new})


@wrapped(ReplicationGroup)
def _set_node_members_clusters_disabled(original, self, **members):
    """CreateReplicationGroup: `NumCacheClusters` is the number of clusters, of which one is the primary. Moto counts
    replicas of the other argument, `ReplicasPerNodeGroup`, only."""
    members["replicas_per_node_group"] = members["replicas_per_node_group"] or members["num_cache_clusters"] - 1
    original(self, **members)


@wrapped(ElastiCacheBackend)
def create_replication_group(original, self, **settings):
    """A replication group consists of clusters (the type ReplicationGroup names them in `MemberClusters`), which
    DescribeCacheClusters gives. Most settings of the group are those of its clusters, and to be read there only."""
    group = original(self, **settings)
    group.settings = settings
    for node_group in group.node_groups:
        if "reader_endpoint_address" in node_group:
            # NodeGroup: the reader endpoint is an Endpoint, as the primary one is.
            node_group["reader_endpoint"] = {"address": node_group["reader_endpoint_address"], "port": group.port}
    for identifier in group.member_clusters:
        create_member(self, group, identifier)
    return group


# What CreateCacheCluster takes.
CLUSTER_SETTINGS = ElastiCacheBackend.create_cache_cluster.__code__.co_varnames[
    1 : ElastiCacheBackend.create_cache_cluster.__code__.co_argcount
]


def create_member(backend, group, identifier):
    """A cluster with the settings of its group."""
    shared = {name: group.settings.get(name) for name in CLUSTER_SETTINGS}
    shared |= {"cache_cluster_id": identifier, "cache_node_type": group.cache_node_type}
    cluster = backend.create_cache_cluster(**shared)
    cluster.at_rest_encryption_enabled = group.at_rest_encryption_enabled
    cluster.transit_encryption_mode = group.transit_encryption_mode
    cluster.auto_minor_version_upgrade = str(group.settings["auto_minor_version_upgrade"]).lower() != "false"
    cluster.snapshot_window = group.snapshot_window
    cluster.preferred_maintenance_window = group.settings["preferred_maintenance_window"] or "sun:05:00-sun:06:00"
    if cluster.transit_encryption_enabled and not cluster.transit_encryption_mode:
        cluster.transit_encryption_mode = "required"


def change_replica_count(response):
    """IncreaseReplicaCount and DecreaseReplicaCount: so many replicas beside the primary, as clusters of the group."""
    backend = response.elasticache_backend
    group = backend.describe_replication_groups(response._get_param("ReplicationGroupId"))[0]
    replicas = response._get_int_param("NewReplicaCount")
    before, group.member_clusters = group.member_clusters, []
    for node_group in group.node_groups:
        node_group["node_group_members"] = []
        group._set_node_members_clusters_disabled(
            member_clusters=group.member_clusters,
            replication_group_id=group.replication_group_id,
            replication_group_domain=node_group["primary_endpoint_address"].removeprefix("master."),
            node_group=node_group,
            preferred_cache_cluster_azs=[],
            num_cache_clusters=replicas + 1,
            replicas_per_node_group=replicas,
        )
    for identifier in set(before) - set(group.member_clusters):
        del backend.cache_clusters[identifier]
    for identifier in set(group.member_clusters) - set(before):
        create_member(backend, group, identifier)
    return ActionResult({"ReplicationGroup": group})


for name in ("increase_replica_count", "decrease_replica_count"):
    change_replica_count.__name__ = name
    added(ElastiCacheResponse)(change_replica_count)

# CacheCluster: `SecurityGroups` are the groups and their status.
CacheCluster.security_groups = property(
    lambda self: [{"SecurityGroupId": identifier, "Status": "active"} for identifier in self.security_group_ids]
)


@wrapped(ElastiCacheBackend)
def delete_replication_group(original, self, replication_group_id, retain_primary_cluster):
    """DeleteReplicationGroup deletes the group and its clusters: soon nothing describes them any more. In moto they
    are "deleting" for ever."""
    group = original(self, replication_group_id, retain_primary_cluster)
    for identifier in group.member_clusters:
        self.cache_clusters.pop(identifier, None)
    return self.replication_groups.pop(replication_group_id)
