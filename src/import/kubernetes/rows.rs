//! The keys of Kubernetes objects. `Pod` stands for every template of pods too, because it is read in the same way
//! wherever it stands.

mod pods;

use crate::import::matrix::{Row, no, partly, yes};

pub(super) use pods::{CONTAINERS, PODS};

/// What every object has.
pub(super) const OBJECTS: &[Row] = &[
    yes("*.apiVersion", "all versions that the API server took, back to `extensions/v1beta1`"),
    yes("*.kind", "says how the object is read"),
    yes("*.metadata.name", "the name; of a Service the names by which others call it"),
    no("*.metadata.generateName", "the server would add a suffix: the name is chosen from it"),
    yes("*.metadata.namespace", "objects find each other in the same one; the only one names the stack"),
    no("*.metadata.labels", "nothing reads labels on Fargate; write `tags` in the `stack` block"),
    no("*.metadata.annotations", "for controllers of a cluster"),
    no("*.metadata.*", "the API server keeps it"),
    no("*.status", "the API server keeps it"),
];

/// What makes pods.
pub(super) const WORKLOADS: &[Row] = &[
    yes("Deployment.spec.replicas", "`tasks`"),
    yes("Deployment.spec.selector", "its own pods: they need no finding"),
    partly("Deployment.spec.strategy.type", "of `Recreate` `single`, while one task is enough"),
    no("Deployment.spec.strategy.rollingUpdate", "ECS starts new tasks first and then stops old ones"),
    no("Deployment.spec.minReadySeconds", "write `grace_period`, or `healthy_codes` of a `route`"),
    no("Deployment.spec.revisionHistoryLimit", "ECS keeps every revision of a task definition"),
    no("Deployment.spec.progressDeadlineSeconds", "the circuit breaker of ECS decides, and rolls back"),
    no("Deployment.spec.paused", "write `tasks = 0`"),
    no("Deployment.spec.rollbackTo", "a revision of ECS is deployed again instead"),
    yes("ReplicaSet.spec.replicas", "`tasks`"),
    yes("ReplicaSet.spec.selector", "its own pods: they need no finding"),
    no("ReplicaSet.spec.minReadySeconds", "write `grace_period`"),
    yes("ReplicationController.spec.replicas", "`tasks`"),
    yes("ReplicationController.spec.selector", "its own pods: they need no finding"),
    yes("StatefulSet.spec.replicas", "`tasks`; none of a database or cache, which AWS runs"),
    yes("StatefulSet.spec.selector", "its own pods: they need no finding"),
    yes("StatefulSet.spec.serviceName", "a name by which others call it"),
    partly("StatefulSet.spec.volumeClaimTemplates", "one `file_system` for all tasks, not one for each"),
    no("StatefulSet.spec.podManagementPolicy", "tasks have no order"),
    no("StatefulSet.spec.updateStrategy", "ECS starts new tasks first; `single` turns that around"),
    no("StatefulSet.spec.revisionHistoryLimit", "ECS keeps every revision of a task definition"),
    no("StatefulSet.spec.persistentVolumeClaimRetentionPolicy", "data stays until somebody retires it"),
    no("StatefulSet.spec.minReadySeconds", "write `grace_period`"),
    no(
        "DaemonSet",
        "Fargate has no nodes to run one on each: what collects logs and metrics of a node has no work there; an agent for \
         one application is a `container` beside it",
    ),
    no("Job.spec.backoffLimit", "a task that fails is not run again; whoever started it decides"),
    partly("Job.spec.activeDeadlineSeconds", "`timeout`"),
    no("Job.spec.completions", "a task runs once for each start"),
    no("Job.spec.parallelism", "a task runs once for each start"),
    no("Job.spec.completionMode", "a task runs once for each start"),
    no("Job.spec.ttlSecondsAfterFinished", "ECS forgets a stopped task after an hour; its log stays"),
    no("Job.spec.manualSelector", "a task has no selector"),
    no("Job.spec.selector", "a task has no selector"),
    no("Job.spec.suspend", "a task runs when somebody or something starts it"),
    no("Job.spec.podFailurePolicy", "a task that fails is not run again"),
    yes("CronJob.spec.schedule", "`schedule`, in the form of EventBridge"),
    yes("CronJob.spec.timeZone", "`time_zone`; UTC without it"),
    no(
        "CronJob.spec.concurrencyPolicy",
        "EventBridge starts every run: have the program look whether one is under way",
    ),
    partly(
        "CronJob.spec.suspend",
        "`enabled = false` pauses a schedule; one that is suspended comes without it",
    ),
    no("CronJob.spec.startingDeadlineSeconds", "EventBridge tries for as long as `retries` says"),
    no("CronJob.spec.successfulJobsHistoryLimit", "the log of every run stays for `log_retention`"),
    no("CronJob.spec.failedJobsHistoryLimit", "the log of every run stays for `log_retention`"),
];

/// What leads to pods.
pub(super) const NETWORK: &[Row] = &[
    yes("Service.spec.selector", "the pods that have all of these labels"),
    partly(
        "Service.spec.type",
        "`LoadBalancer` and `NodePort` are ways in from outside; of `ExternalName` the name is written out",
    ),
    yes("Service.spec.externalName", "stands wherever a variable names the Service"),
    yes("Service.spec.ports[].port", "written out as the port of the container, because a task has no other"),
    yes("Service.spec.ports[].targetPort", "`port`, further ones `ports`"),
    yes("Service.spec.ports[].name", "how an Ingress names it"),
    partly("Service.spec.ports[].protocol", "TCP; a port of UDP or SCTP is left out"),
    no("Service.spec.ports[].nodePort", "Fargate has no nodes: the load balancer listens at 80 and 443"),
    no("Service.spec.ports[].appProtocol", "targets are asked in plain HTTP"),
    no("Service.spec.clusterIP", "tasks are found by name; DNS answers with their addresses"),
    no("Service.spec.clusterIPs", "tasks are found by name; DNS answers with their addresses"),
    partly(
        "Service.spec.loadBalancerIP",
        "an application load balancer has no fixed address: let the names lead to it, or put a network load balancer with Elastic IPs in front",
    ),
    partly("Service.spec.loadBalancerSourceRanges", "`allow` of the `load_balancer`"),
    no("Service.spec.loadBalancerClass", "an application load balancer"),
    no("Service.spec.externalIPs", "an application load balancer has no fixed address"),
    no(
        "Service.spec.sessionAffinity",
        "the load balancer sends each request where it likes: keep sessions in a `cache`",
    ),
    no("Service.spec.sessionAffinityConfig", "the load balancer sends each request where it likes"),
    no("Service.spec.externalTrafficPolicy", "the header `X-Forwarded-For` has the address of the client"),
    no("Service.spec.internalTrafficPolicy", "there are no nodes"),
    no("Service.spec.publishNotReadyAddresses", "DNS answers with tasks that run"),
    no("Service.spec.ipFamilies", "IPv4"),
    no("Service.spec.ipFamilyPolicy", "IPv4"),
    no("Service.spec.healthCheckNodePort", "there are no nodes"),
    no("Service.spec.allocateLoadBalancerNodePorts", "there are no nodes"),
    no("Service.spec.trafficDistribution", "there are no nodes"),
    partly(
        "Ingress.metadata.annotations.*",
        "for the controller of the cluster; rewritten paths and redirects are pointed out",
    ),
    no("Ingress.spec.ingressClassName", "an application load balancer"),
    yes("Ingress.spec.rules[].host", "`hosts` of a `route`"),
    yes("Ingress.spec.rules[].http.paths[].path", "`route`"),
    yes(
        "Ingress.spec.rules[].http.paths[].pathType",
        "`Prefix` is a route for the path and one for what is below; `Exact` is one route",
    ),
    yes("Ingress.spec.rules[].http.paths[].backend.service.name", "the service to which the route leads"),
    yes(
        "Ingress.spec.rules[].http.paths[].backend.service.port.number",
        "the container to which the route leads",
    ),
    yes(
        "Ingress.spec.rules[].http.paths[].backend.service.port.name",
        "the container to which the route leads",
    ),
    yes("Ingress.spec.rules[].http.paths[].backend.serviceName", "the service to which the route leads"),
    yes("Ingress.spec.rules[].http.paths[].backend.servicePort", "the container to which the route leads"),
    no(
        "Ingress.spec.rules[].http.paths[].backend.resource",
        "a route leads to a service: serve files of a bucket through a `cdn`",
    ),
    yes("Ingress.spec.defaultBackend.service.name", "`route \"/\"`"),
    yes("Ingress.spec.defaultBackend.service.port.number", "the container to which the route leads"),
    yes("Ingress.spec.defaultBackend.service.port.name", "the container to which the route leads"),
    yes("Ingress.spec.backend.serviceName", "`route \"/\"`"),
    yes("Ingress.spec.backend.servicePort", "the container to which the route leads"),
    yes("Ingress.spec.tls[].hosts", "`domain` of the environment, and `aliases` of the `load_balancer`"),
    partly("Ingress.spec.tls[].secretName", "ACM makes and renews the certificate"),
    yes("HorizontalPodAutoscaler.spec.scaleTargetRef", "the service that has the `scaling`"),
    yes("HorizontalPodAutoscaler.spec.minReplicas", "`min` of `scaling`"),
    yes("HorizontalPodAutoscaler.spec.maxReplicas", "`max` of `scaling`"),
    yes(
        "HorizontalPodAutoscaler.spec.targetCPUUtilizationPercentage",
        "`cpu` of `scaling`: percent of the task and not of the request",
    ),
    partly(
        "HorizontalPodAutoscaler.spec.metrics[]",
        "the use of CPU and memory in percent; for other metrics write a `step` on an `alarm`",
    ),
    no("HorizontalPodAutoscaler.spec.behavior", "write `cooldown` of `scaling`"),
];

/// Configuration, storage, and what only a cluster has.
pub(super) const REST: &[Row] = &[
    yes("ConfigMap.data", "`environment` of whoever takes it from there"),
    yes("ConfigMap.data.*", "`environment` of whoever takes it from there"),
    partly("ConfigMap.binaryData", "Fargate mounts no files: put them into the image"),
    no("ConfigMap.immutable", "a variable changes with a deployment only"),
    yes("Secret.type", "a certificate belongs into ACM; everything else is a `secret`"),
    yes(
        "Secret.data.*",
        "a `secret` for every key that something takes: filled by hand, values are not copied",
    ),
    yes(
        "Secret.stringData.*",
        "a `secret` for every key that something takes: filled by hand, values are not copied",
    ),
    no("Secret.immutable", "AWS keeps every version of a secret"),
    yes(
        "PersistentVolumeClaim.spec.resources.requests.storage",
        "`storage` of a `database`; a `file_system` grows by itself",
    ),
    no("PersistentVolumeClaim.spec.resources.limits", "a `file_system` grows by itself"),
    no("PersistentVolumeClaim.spec.accessModes", "every task may write to a `file_system`"),
    no("PersistentVolumeClaim.spec.storageClassName", "EFS"),
    no("PersistentVolumeClaim.spec.volumeName", "EFS, empty at first: copy the files"),
    no("PersistentVolumeClaim.spec.volumeMode", "EFS"),
    no("PersistentVolumeClaim.spec.selector", "EFS, empty at first: copy the files"),
    no("PersistentVolumeClaim.spec.dataSource", "EFS, empty at first: copy the files"),
    no(
        "PersistentVolume",
        "a `file_system` is made for the claim; one that exists is a `file_system` with `existing`",
    ),
    no("StorageClass", "EFS"),
    partly("ServiceAccount.metadata.annotations.*", "`task_role`, of `eks.amazonaws.com/role-arn`"),
    no("ServiceAccount.*", "there is no API server to call"),
    no("Namespace", "a stack has environments instead"),
    no("Role", "there is no API server to call; a reference opens what a service needs of AWS"),
    no("ClusterRole", "there is no API server to call; a reference opens what a service needs of AWS"),
    no("RoleBinding", "there is no API server to call"),
    no("ClusterRoleBinding", "there is no API server to call"),
    no("NetworkPolicy", "nothing is open that nothing refers to: the reference is the policy"),
    no("PodDisruptionBudget", "ECS keeps the number of tasks while it replaces them"),
    no("LimitRange", "every task has a size"),
    no("ResourceQuota", "quotas belong to the account"),
    no("PriorityClass", "tasks do not push each other out"),
    no("IngressClass", "an application load balancer"),
    no("Endpoints", "write the address where a variable names the Service"),
    no("EndpointSlice", "write the address where a variable names the Service"),
    no("PodSecurityPolicy", "Fargate gives containers few rights"),
    no("CustomResourceDefinition", "an extension of a cluster, which Fargate has not"),
];
