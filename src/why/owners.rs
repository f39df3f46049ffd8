//! Who owns the arguments of a resource that not only Terraform changes.

use crate::evaluate::{Instance, Value};
use crate::model::{Context, Environment, Model};
use crate::review::Place;
use crate::show::Component;

/// Somebody besides Terraform who changes an argument.
#[derive(Debug, Clone, PartialEq)]
pub struct Owner {
    /// The argument.
    pub argument: String,
    /// Who changes it, in words.
    pub owner: String,
    /// The line that says so, when one does.
    pub place: Option<Place>,
}

/// Arguments that AWS or people change beside Terraform, without a difference in a plan: the type, the argument, the
/// argument that lets them, who it is. Each is what the provider's page of the type says of the third.
const SHARED: &[(&str, &str, &str, &str)] = &[
    (
        "aws_db_instance",
        "allocated_storage",
        "max_allocated_storage",
        "RDS, which lets the storage grow when it is nearly full; Terraform only makes it larger",
    ),
    (
        "aws_db_instance",
        "engine_version",
        "auto_minor_version_upgrade",
        "RDS, which upgrades within the version that is written",
    ),
    (
        "aws_db_instance",
        "password",
        "manage_master_user_password",
        "Secrets Manager, which makes and rotates it",
    ),
    (
        "aws_elasticache_replication_group",
        "engine_version",
        "auto_minor_version_upgrade",
        "ElastiCache, which upgrades within the version that is written",
    ),
    ("aws_ssm_parameter", "value", "value_wo", "people, with the commands of the generated README"),
];

/// The arguments of an instance that others change, and who they are.
pub(super) fn owners(
    instance: &Instance,
    component: &Component,
    model: &Model,
    environment: &Environment,
) -> Vec<Owner> {
    let ignored = instance.lifecycle.ignore_changes.iter();
    let ignored = ignored.map(|argument| outside(argument, component, model, environment));
    let lets = |switch: &str| {
        instance.arguments.get(switch).is_some_and(|value| !matches!(value, Value::Bool(false) | Value::Null))
    };
    let shared =
        SHARED.iter().filter(|(resource, _, switch, _)| *resource == instance.resource && lets(switch));
    let shared = shared.map(|(_, argument, _, owner)| Owner {
        argument: (*argument).to_owned(),
        owner: (*owner).to_owned(),
        place: None,
    });
    ignored.chain(shared).collect()
}

/// Who owns an argument whose changes Terraform leaves alone.
fn outside(argument: &str, component: &Component, model: &Model, environment: &Environment) -> Owner {
    let setting =
        |key: &str| component.settings.iter().find(|one| one.route[0] == key && one.place().is_some());
    let timed = component.settings.iter().find(|one| {
        one.route.len() == 3
            && one.route[0] == "scaling"
            && matches!(one.route[1].as_str(), "window" | "schedule")
    });
    let (owner, because) = match argument {
        "task_definition" => match setting("deployed_by") {
            Some(found) => (format!("{}, which deploys new revisions", found.value), Some(found)),
            None => ("whoever deploys".to_owned(), None),
        },
        "min_capacity" | "max_capacity" if timed.is_some() => {
            ("the windows and schedules of its scaling, at their times".to_owned(), timed)
        }
        "desired_count" if setting("scaling").is_some() => {
            ("Application Auto Scaling, between `min` and `max`".to_owned(), setting("scaling"))
        }
        "desired_count" => {
            let context = Context { stack: &model.stack, environment };
            let others = environment.components.iter().filter(|(_, entry)| {
                entry.component.resizes(&context).iter().any(|id| id.to_string() == component.name)
            });
            let names: Vec<String> = others.map(|(id, _)| id.to_string()).collect();
            (format!("{}, by its access to the service", names.join(", ")), None)
        }
        _ => ("somebody outside of Terraform".to_owned(), None),
    };
    Owner { argument: argument.to_owned(), owner, place: because.and_then(|found| found.place().cloned()) }
}
