//! Databases and caches of a template, as the workloads that they would be elsewhere.

use super::template::{Template, field, kind, property};
use crate::import::read::At;
use crate::import::report::Report;
use crate::import::workload::{Container, Image, Setting, Variable, Workload};
use crate::import::yaml::Node;

/// What is said of every database that comes along.
const MOVE: &str = "new and empty: dump the old one and load it here before Copilot's stack is deleted, when CloudFormation \
                    makes a last snapshot unless the template says otherwise";

/// The workload that becomes a `database` or a `cache` for a resource, when it is plain enough.
pub(super) fn read(
    id: &str,
    resource: &At,
    template: &Template<'_>,
    report: &mut Report,
) -> Option<Workload> {
    let node = &resource.node;
    let text = |name: &str| template.property(node, name);
    let (image, sizes) = match kind(node) {
        "AWS::RDS::DBCluster" => (database(&text("Engine")?)?, [None, None]),
        // An instance of a cluster is part of it.
        "AWS::RDS::DBInstance" if property(node, "DBClusterIdentifier").is_none() => {
            (database(&text("Engine")?)?, [text("DBInstanceClass"), text("AllocatedStorage")])
        }
        "AWS::ElastiCache::ReplicationGroup" | "AWS::ElastiCache::CacheCluster" => {
            (cache(&text("Engine").unwrap_or_else(|| "redis".to_owned()))?, [text("CacheNodeType"), None])
        }
        _ => return None,
    };
    let image = match text("EngineVersion") {
        Some(version) => format!("{image}:{version}"),
        None => image.to_owned(),
    };
    let called = called(id);
    let mut container = Container::new(called, resource.sourced(Image::Named(image)));
    let name = text("DatabaseName").or_else(|| text("DBName"));
    let user = text("MasterUsername").filter(|user| !user.contains("resolve:")).or_else(|| user(template));
    for (variable, value) in [("POSTGRES_DB", name), ("POSTGRES_USER", user)] {
        let value = value.map(Setting::Constant);
        let origin = resource.origin();
        container.variables.extend(value.map(|value| Variable { name: variable.to_owned(), value, origin }));
    }
    let mut workload = Workload::new(called, resource.origin(), vec![container]);
    let [class, storage] = sizes;
    workload.class = class.map(|class| resource.sourced(class));
    workload.storage = storage.and_then(|size| Some(resource.sourced(size.parse().ok()?)));
    let words = match kind(node) {
        "AWS::RDS::DBCluster" => format!("Aurora becomes an instance of RDS, {MOVE}"),
        "AWS::RDS::DBInstance" => MOVE.to_owned(),
        _ => "new and empty: the old one goes with Copilot's stack".to_owned(),
    };
    report.needs_you(&resource.origin(), words);
    Some(workload)
}

/// What to call a store: its logical id without the word for what it is.
pub(super) fn called(id: &str) -> &str {
    let words = ["DBCluster", "DBInstance", "ReplicationGroup", "Cluster"];
    words.iter().find_map(|word| id.strip_suffix(word)).filter(|rest| !rest.is_empty()).unwrap_or(id)
}

/// The port of a store.
pub(super) fn port(workload: &Workload) -> &'static str {
    match &workload.containers[0].image.value {
        Image::Named(image) if image.starts_with("postgres") => "5432",
        Image::Named(image) if image.starts_with("mysql") || image.starts_with("mariadb") => "3306",
        _ => "6379",
    }
}

/// What is there for a store and comes with it.
pub(super) fn belongs(kind: &str) -> bool {
    matches!(
        kind,
        "AWS::RDS::DBSubnetGroup"
            | "AWS::RDS::DBInstance"
            | "AWS::ElastiCache::SubnetGroup"
            | "AWS::EC2::SecurityGroup"
            | "AWS::EC2::SecurityGroupIngress"
            | "AWS::EC2::SecurityGroupEgress"
            | "AWS::SecretsManager::Secret"
            | "AWS::SecretsManager::SecretTargetAttachment"
    )
}

fn database(engine: &str) -> Option<&'static str> {
    match engine {
        "aurora-postgresql" | "postgres" => Some("postgres"),
        "aurora-mysql" | "mysql" => Some("mysql"),
        "mariadb" => Some("mariadb"),
        _ => None,
    }
}

fn cache(engine: &str) -> Option<&'static str> {
    match engine.to_ascii_lowercase().as_str() {
        "redis" => Some("redis"),
        "valkey" => Some("valkey"),
        _ => None,
    }
}

/// The user in the secret that Copilot has made for a database.
fn user(template: &Template<'_>) -> Option<String> {
    let resources = field(&template.whole.node, "Resources")?.map()?;
    let secrets = resources.values().map(|entry| &entry.node);
    let mut texts = secrets.filter_map(|secret: &Node| {
        field(property(secret, "GenerateSecretString")?, "SecretStringTemplate")?.text()
    });
    texts.find_map(|text| {
        let object: serde_json::Value = serde_json::from_str(text).ok()?;
        Some(object.get("username")?.as_str()?.to_owned())
    })
}
