//! Settings that people know from compose files and from ECS on their own machines, that Fargate does not have, and what
//! serves their purpose.

const LOGS: &str = "containers write to CloudWatch Logs, see `log_group`; for another place let a container beside it \
                    ship the files of a `volume`";
const NETWORK: &str = "a task has one network interface, and its containers reach each other at `127.0.0.1`";
const PORTS: &str = "a container's port is the port of its task: write `port`";
const RESTARTS: &str = "ECS starts a new task when an essential container ends; see `essential`";
const SHARED: &str = "name the same `volume` in the `mounts` of both containers";
const TMPFS: &str = "Fargate has none: mount a `volume`";

/// What serves the purpose of a setting of containers.
pub(super) fn of_containers(key: &str) -> Option<&'static str> {
    Some(match key {
        "log_configuration" | "log_driver" | "logging" => LOGS,
        "links" | "network_mode" => NETWORK,
        "host_port" | "port_mappings" => PORTS,
        "restart" | "restart_policy" => RESTARTS,
        "volumes_from" => SHARED,
        "tmpfs" => TMPFS,
        _ => return None,
    })
}

/// What serves the purpose of a setting of the whole task beside its main container.
pub(super) fn of_side_containers(key: &str) -> Option<&'static str> {
    let of_tasks =
        ["access", "egress", "execution_role", "security_group", "security_groups", "task_role", "volume"];
    of_tasks
        .contains(&key)
        .then_some("it is one for all containers of a task: write it beside the `container` blocks")
}

/// What serves the purpose of a setting of volumes.
pub(super) fn of_volumes(key: &str) -> Option<&'static str> {
    let of_hosts = ["driver", "host", "host_path", "source", "source_path"];
    of_hosts.contains(&key).then_some(
        "a volume begins empty, because Fargate has no machine whose directories could be mounted; what has to stay \
         belongs on a `file_system`",
    )
}

#[cfg(test)]
mod tests {
    use crate::settings::Settings;

    use super::super::{SideContainer, Volume, Workload};

    #[test]
    fn what_fargate_has_is_not_said_to_be_absent() {
        let names = |info: crate::settings::BlockInfo| info.fields.into_iter().map(|field| field.name);
        for name in names(Workload::info()) {
            assert_eq!(Workload::instead(name), None, "{name}");
        }
        for name in names(SideContainer::info()) {
            assert_eq!(SideContainer::instead(name), None, "{name}");
        }
        for name in names(Volume::info()) {
            assert_eq!(Volume::instead(name), None, "{name}");
        }
    }

    #[test]
    fn blocks_share_what_they_do_not_have() {
        assert!(Workload::instead("log_driver").is_some());
        assert!(SideContainer::instead("log_driver").is_some());
        assert!(Workload::instead("security_groups").is_none());
        assert!(SideContainer::instead("security_groups").is_some());
    }
}
