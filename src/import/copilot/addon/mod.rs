//! Addons: CloudFormation templates beside a service or an environment.
//!
//! `store` reads databases and caches, `template` what values say. Of everything else the report says what it would be.

mod store;
mod template;

use std::collections::BTreeMap;

use crate::import::environments::Bucket;
use crate::import::read::{At, Origin};
use crate::import::report::{Fate, Report};
use crate::import::workload::{Held, Setting, System, Variable};
use template::{Template, attribute, field, kind, referred};

/// What an output gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Offer {
    /// The host of a database or cache, by its name.
    Host(String),
    /// A constant of one, such as its port.
    Text(String),
    /// The name of a bucket.
    Bucket(String),
    /// All that is needed to connect to a database, as one text in JSON.
    Connection(String),
    /// A secret that a person fills.
    Secret,
}

/// What the addons of an application give.
#[derive(Default)]
pub(super) struct Addons {
    /// Variables, with the directory of the service that Copilot gives them to.
    pub(super) given: Vec<(String, Variable)>,
    /// Outputs that manifests import by name.
    pub(super) exports: BTreeMap<String, Offer>,
}

/// Reads a template: databases, caches and buckets become those of the stack.
pub(super) fn read(
    at: &At,
    service: &str,
    application: &str,
    addons: &mut Addons,
    system: &mut System,
    report: &mut Report,
) {
    let template = Template { application, service, whole: at };
    let resources = at.get("Resources").map(|resources| resources.entries()).unwrap_or_default();
    let mut stores: BTreeMap<String, Stored> = BTreeMap::new();
    let mut buckets: BTreeMap<String, String> = BTreeMap::new();
    for (id, resource) in &resources {
        if let Some(workload) = store::read(id, resource, &template, report) {
            let database = kind(&resource.node).starts_with("AWS::RDS::");
            stores.insert(id.to_string(), Stored { database, port: store::port(&workload) });
            system.workloads.push(workload);
        } else if kind(&resource.node) == "AWS::S3::Bucket" {
            buckets.insert(id.to_string(), bucket(id, resource, service, &template, system));
        }
    }
    for (id, resource) in &resources {
        let (kind, origin) = (kind(&resource.node), resource.origin());
        if stores.contains_key(&**id) || buckets.contains_key(&**id) {
            continue;
        }
        match kind {
            "AWS::S3::BucketPolicy" => {
                report.mapped(&origin, "a `bucket` takes requests over TLS only, and is not public");
            }
            "AWS::IAM::ManagedPolicy" if stores.len() + buckets.len() > 0 => report.assumed(
                &origin,
                "a reference opens what the service needs of what it refers to; other rights need a role of your own, as \
                 `task_role`",
            ),
            _ if !stores.is_empty() && store::belongs(kind) => {
                report.mapped(&origin, "a `database` or `cache` brings its own");
            }
            _ => report.needs_you(&origin, format!("`{kind}`: {}", advice(kind))),
        }
    }
    let types: BTreeMap<&str, &str> = resources.iter().map(|(id, at)| (&**id, kind(&at.node))).collect();
    let of_type = |id: &str| types.get(id).copied();
    for (name, output) in at.get("Outputs").map(|outputs| outputs.entries()).unwrap_or_default() {
        let value = field(&output.node, "Value");
        let offer = value.and_then(|value| {
            if let Some((id, attribute)) = attribute(value) {
                return offered(&id, &attribute, stores.get(&id)?);
            }
            let id = referred(value)?;
            let bucket = buckets.get(id).cloned().map(Offer::Bucket);
            bucket.or_else(|| {
                let secret = matches!(
                    of_type(id)?,
                    "AWS::SecretsManager::Secret" | "AWS::SecretsManager::SecretTargetAttachment"
                );
                let database = stores
                    .iter()
                    .find(|(_, store)| store.database)
                    .map(|(id, _)| store::called(id).to_owned());
                secret.then(|| database.map_or(Offer::Secret, Offer::Connection))
            })
        });
        let export = field(&output.node, "Export").and_then(|export| field(export, "Name"));
        if let (Some(offer), Some(export)) = (&offer, export.and_then(|name| template.text(name))) {
            addons.exports.insert(export, offer.clone());
        }
        let attached = value.and_then(referred).and_then(of_type);
        match (offer, attached) {
            (Some(_), _) if service == ENVIRONMENTS => {
                report.mapped(&output.origin(), "what variables have that import it");
            }
            (Some(offer), _) => {
                let variables = variables(&offer, &variable_name(&name), &output.origin(), report);
                addons.given.extend(variables.into_iter().map(|one| (service.to_owned(), one)));
            }
            (None, Some("AWS::EC2::SecurityGroup")) if !stores.is_empty() => {
                report.mapped(&output.origin(), "a reference opens the port");
            }
            (None, Some("AWS::EC2::SecurityGroup" | "AWS::IAM::ManagedPolicy")) => report.mapped(
                &output.origin(),
                "Copilot attaches it to the service; see what became of the resource",
            ),
            (None, _) if service == ENVIRONMENTS => report.needs_you(
                &output.origin(),
                "what imports it needs its value: write that under `environment` or `secrets`",
            ),
            (None, _) => report.needs_you(
                &output.origin(),
                format!(
                    "Copilot gives it to the service as `{}`: write that under `environment` or `secrets`",
                    variable_name(&name)
                ),
            ),
        }
    }
}

/// The directory of addons that belong to no service.
const ENVIRONMENTS: &str = "environments";

/// A bucket, with the name that it has in AWS where the template says it.
fn bucket(id: &str, resource: &At, service: &str, template: &Template<'_>, system: &mut System) -> String {
    let called = id.strip_suffix("Bucket").filter(|rest| !rest.is_empty()).unwrap_or(id).to_owned();
    let name = match system.buckets.iter().any(|bucket| bucket.name == called) {
        true => format!("{service}-{called}"),
        false => called,
    };
    let policy = field(&resource.node, "DeletionPolicy").and_then(|policy| policy.text());
    system.buckets.push(Bucket {
        name: name.clone(),
        origin: resource.origin(),
        known_as: template.property(&resource.node, "BucketName"),
        kept: policy == Some("Retain"),
    });
    name
}

/// A database or cache of a template.
struct Stored {
    database: bool,
    port: &'static str,
}

/// What an attribute of a database or cache gives.
fn offered(id: &str, attribute: &str, stored: &Stored) -> Option<Offer> {
    if attribute.ends_with("Address") {
        return Some(Offer::Host(store::called(id).to_owned()));
    }
    attribute.ends_with("Port").then(|| Offer::Text(stored.port.to_owned()))
}

/// The variables that stand for one with an output as its value.
pub(super) fn variables(offer: &Offer, name: &str, origin: &Origin, report: &mut Report) -> Vec<Variable> {
    let one = |name: &str, value: Setting| Variable { name: name.to_owned(), value, origin: origin.clone() };
    let constant = |text: &str| Setting::Constant(text.to_owned());
    match offer {
        Offer::Host(store) => {
            report.remark(Fate::Mapped, origin, format!("the variable `{name}` with the host"));
            vec![one(name, constant(store))]
        }
        Offer::Text(text) => {
            report.remark(Fate::Mapped, origin, format!("the variable `{name}`"));
            vec![one(name, constant(text))]
        }
        Offer::Bucket(bucket) => {
            report.mapped(origin, format!("the variable `{name}` with the name of the bucket"));
            vec![one(name, Setting::Bucket(bucket.clone()))]
        }
        Offer::Secret => vec![one(name, Setting::Secret(name.to_owned()))],
        Offer::Connection(database) => {
            let prefix = name.strip_suffix("_SECRET").unwrap_or(name);
            let words = format!(
                "`{name}` was JSON with `host`, `port`, `dbname`, `username` and `password`; the service gets \
                 `{prefix}_HOST`, `{prefix}_NAME`, `{prefix}_USER` and `{prefix}_PASSWORD` instead: have it read these"
            );
            report.needs_you(origin, words);
            let password =
                Held { name: format!("{prefix}_PASSWORD"), identity: database.clone(), value: None };
            vec![
                one(&format!("{prefix}_HOST"), constant(database)),
                one(&format!("{prefix}_NAME"), constant("name")),
                one(&format!("{prefix}_USER"), constant("user")),
                one(&format!("{prefix}_PASSWORD"), Setting::Held(password)),
            ]
        }
    }
}

/// What to do about a resource that a stack file has no word for, or that holds data.
fn advice(kind: &str) -> &'static str {
    if kind.ends_with("ParameterGroup") {
        return "what it sets belongs under `parameters` of the `database` or `cache`";
    }
    match kind.split("::").nth(1).unwrap_or_default() {
        "RDS" => {
            "leave it where it is and give services its address with `existing` of a `database`, or write a `database` and move the data"
        }
        "ElastiCache" => "write a `cache`, and give services its `url`",
        "EFS" => "write a `file_system` with `existing`",
        "S3" => "look for a setting of `bucket` that says it",
        "EC2" => {
            "references open ports between what stands in the stack: a rule towards something else needs a `security_group` with `existing`"
        }
        "IAM" => "references open what services need; other rights need a role of your own, as `task_role`",
        "SecretsManager" | "SSM" => "write a `secret`, with `existing` to keep this one",
        "CloudWatch" => "write an `alarm`",
        "DynamoDB" => {
            "a stack has no tables: give it `DeletionPolicy: Retain` and deploy that, so that it stays when Copilot's stack \
             is deleted, give services its name, and its rights with a role of your own, as `task_role`"
        }
        "SQS" => {
            "a stack has no queues: keep it with Terraform of your own, give services its URL, and its rights with a role of \
             your own, as `task_role`"
        }
        "SNS" => {
            "a `topic` of a stack tells people: keep one for messages with Terraform of your own, give services its ARN, and \
             its rights with a role of your own, as `task_role`"
        }
        _ => {
            "a stack has no word for it: keep it with Terraform of your own, give services its name, and its rights with a role of your own, as `task_role`"
        }
    }
}

/// The variable that Copilot makes of an output: `uploadsName` is `UPLOADS_NAME`.
fn variable_name(output: &str) -> String {
    let mut name = String::new();
    let chars: Vec<char> = output.chars().collect();
    for (index, c) in chars.iter().enumerate() {
        let after_lower =
            index > 0 && (chars[index - 1].is_ascii_lowercase() || chars[index - 1].is_ascii_digit());
        let before_lower = chars.get(index + 1).is_some_and(char::is_ascii_lowercase);
        let word_begins = c.is_ascii_uppercase()
            && (after_lower || index > 0 && chars[index - 1].is_ascii_uppercase() && before_lower);
        if word_begins && !name.ends_with('_') {
            name.push('_');
        }
        name.push(if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::yaml;
    use crate::source::{Source, Sources, Syntax};

    fn read_text(text: &str, service: &str) -> (Addons, System, String) {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("addon.yml", text, Syntax::Foreign));
        let node = yaml::parse(&sources, file).value.unwrap().remove(0);
        let (mut addons, mut system, mut report) = (Addons::default(), System::default(), Report::default());
        let at = At::root(node, &super::super::ADDON);
        read(&at, service, "shop", &mut addons, &mut system, &mut report);
        (addons, system, report.text(&sources))
    }

    #[test]
    fn a_cluster_of_aurora_becomes_a_database_with_variables_for_its_secret() {
        let text = r#"
Parameters: {mainDBName: {Type: String, Default: orders}}
Resources:
  mainSecurityGroup: {Type: AWS::EC2::SecurityGroup}
  mainAuroraSecret:
    Type: AWS::SecretsManager::Secret
    Properties: {GenerateSecretString: {SecretStringTemplate: '{"username": "owner"}'}}
  mainDBCluster:
    Type: AWS::RDS::DBCluster
    Properties: {DatabaseName: !Ref mainDBName, Engine: aurora-postgresql, EngineVersion: '16.4'}
  mainDBWriterInstance:
    Type: AWS::RDS::DBInstance
    Properties: {DBClusterIdentifier: !Ref mainDBCluster, Engine: aurora-postgresql}
Outputs:
  mainSecret: {Value: !Ref mainAuroraSecret}
"#;
        let (addons, system, report) = read_text(text, "api");
        let [database] = &system.workloads[..] else { panic!("{:?}", system.workloads) };
        let container = &database.containers[0];
        assert_eq!(database.name, "main");
        assert!(crate::import::assemble::is_data_store(database));
        assert_eq!(container.constant("POSTGRES_DB"), Some("orders"));
        assert_eq!(container.constant("POSTGRES_USER"), Some("owner"));
        let names: Vec<&str> = addons.given.iter().map(|(_, variable)| variable.name.as_str()).collect();
        assert_eq!(names, ["MAIN_HOST", "MAIN_NAME", "MAIN_USER", "MAIN_PASSWORD"]);
        assert!(report.contains("Outputs.mainSecret: `MAIN_SECRET` was JSON"), "{report}");
    }

    #[test]
    fn what_an_environment_exports_is_known_by_its_name() {
        let text = "
Resources:
  Redis:
    Type: AWS::ElastiCache::ReplicationGroup
    Properties: {Engine: redis, EngineVersion: '7.0', CacheNodeType: cache.t4g.small}
Outputs:
  Endpoint:
    Value: !GetAtt Redis.PrimaryEndPoint.Address
    Export: {Name: !Sub '${App}-${Env}-Redis'}
";
        let (addons, system, _) = read_text(text, ENVIRONMENTS);
        assert_eq!(system.workloads[0].class.as_ref().unwrap().value, "cache.t4g.small");
        assert_eq!(addons.exports["shop-\u{1}-Redis"], Offer::Host("Redis".to_owned()));
        assert!(addons.given.is_empty());
    }

    #[test]
    fn only_a_name_that_is_certain_is_that_of_a_bucket() {
        let text = "
Resources:
  filesBucket: {Type: AWS::S3::Bucket, DeletionPolicy: Retain, Properties: {BucketName: !Sub '${App}-${Env}-files'}}
  logs: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub 'logs-${AWS::AccountId}'}}
  table: {Type: AWS::DynamoDB::Table}
";
        let (_, system, report) = read_text(text, "api");
        let known: Vec<_> = system
            .buckets
            .iter()
            .map(|bucket| (&*bucket.name, bucket.known_as.as_deref(), bucket.kept))
            .collect();
        assert_eq!(known, [("files", Some("shop-\u{1}-files"), true), ("logs", None, false)]);
        assert!(report.contains("`AWS::DynamoDB::Table`: a stack has no tables"), "{report}");
    }

    #[test]
    fn outputs_become_variables() {
        for (output, expected) in [
            ("uploadsName", "UPLOADS_NAME"),
            ("MyTableARN", "MY_TABLE_ARN"),
            ("DBSecret", "DB_SECRET"),
            ("s3Url", "S3_URL"),
        ] {
            assert_eq!(variable_name(output), expected);
        }
    }
}
