//! What exists becomes part of a stack: a plan that imports it, and neither replaces nor destroys any of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use groundplan::diagnostic::human;
use groundplan::evaluate::instances;
use groundplan::predict;
use groundplan::render::Engine;
use groundplan::source::Syntax;
use serde_json::Value;

use crate::Outcome;
use crate::compile::{Addresses, compile};
use crate::mock::Mock;
use crate::plan;
use crate::terraform::Shell;

const ACCOUNT: &str = "111111111111";
const REGION: &str = "eu-west-1";
const WORKSPACE: &str = "production";

/// The stack, `@VPC@` and `@KEY@` being what AWS calls these two.
const STACK: &str = r#"
stack "shop" { region = "eu-west-1" }

environment "staging" { account = "222222222222" }

environment "production" {
  account = "111111111111"

  network "main"    { import = { aws_vpc = "@VPC@" } }
  key "main"        { import = { aws_kms_key = "@KEY@" } }
  registry "app"    { import = { aws_ecr_repository = "legacy/app" } }
  bucket "media"    { import = { aws_s3_bucket = "legacy-media" } }
  log_group "audit" { import = { aws_cloudwatch_log_group = "/legacy/audit" } }
  database "main"   { import = { aws_db_instance = "legacy" } }
}

network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
}
key "main"        {}
registry "app"    {}
bucket "media"    {}
log_group "audit" {}
database "main" {
  engine  = "postgres"
  version = "16"
  class   = "db.t4g.small"
}
"#;

/// Makes what exists, plans the stack that adopts it, and returns how many resources the plan imports.
pub fn adopt(engine: &Engine, bin: &Path) -> Outcome<usize> {
    let mut shell = Shell::new("adoption")?;
    let mock = Mock::start(bin, ACCOUNT, &shell.dir.join("logs/mock.log"))?;
    shell.point_at(&mock.url, REGION, bin);
    let text = existing(&shell)?;

    let (sources, outcome) = compile(engine, ("stacks/shop.hcl", &text, Syntax::Hcl), &Addresses::new());
    let said = human::render(&outcome.diagnostics, &sources, false);
    let tree = outcome.value.ok_or(said)?;
    for (path, text) in &tree.files {
        let path = shell.dir.join("tree").join(path);
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
        written.map_err(|error| format!("{}: {error}", path.display()))?;
    }
    shell.init(WORKSPACE)?;
    shell.plan("plan adoption")?;
    let planned = shell.shown("plan adoption")?;
    let imported = imported(&planned);

    let evaluated = instances(&tree, WORKSPACE).map_err(|problem| problem.to_string())?;
    let predicted = predict::changes(&Default::default(), &evaluated, &BTreeMap::new());
    let predicted: BTreeMap<String, String> =
        predicted.into_iter().filter_map(|change| Some((change.address, change.imported?))).collect();
    if imported != predicted {
        return Err(format!("planned imports: {imported:#?}\npredicted: {predicted:#?}"));
    }
    let gone = plan::actions(&planned).into_iter().filter(|(_, action)| action.contains("delete"));
    let gone: Vec<String> = gone.map(|(address, action)| format!("{action} of {address}")).collect();
    if gone.is_empty() { Ok(imported.len()) } else { Err(format!("the plan has {}", gone.join(", "))) }
}

/// Makes one resource of each type in the mock. The stack that adopts them.
fn existing(shell: &Shell) -> Outcome<String> {
    let text = |answer: &Value, route: &str| {
        answer.pointer(route).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let vpc = shell.aws(&["ec2", "create-vpc", "--cidr-block", "10.20.0.0/16"])?;
    // The mock leaves out what AWS takes for the use of a key.
    let key = shell.aws(&["kms", "create-key", "--key-usage", "ENCRYPT_DECRYPT"])?;
    let (key, key_arn) = (text(&key, "/KeyMetadata/KeyId"), text(&key, "/KeyMetadata/Arn"));
    let by_key = format!("encryptionType=KMS,kmsKey={key_arn}");
    let repository =
        ["ecr", "create-repository", "--repository-name", "legacy/app", "--encryption-configuration"];
    shell.aws(&[&repository[..], &[&by_key]].concat())?;
    let place = format!("LocationConstraint={REGION}");
    let bucket = ["s3api", "create-bucket", "--bucket", "legacy-media", "--create-bucket-configuration"];
    shell.aws(&[&bucket[..], &[&place]].concat())?;
    shell.aws(&["logs", "create-log-group", "--log-group-name", "/legacy/audit"])?;
    let database = "rds create-db-instance --db-instance-identifier legacy --engine postgres --engine-version 16.4 \
                    --db-instance-class db.t4g.small --allocated-storage 20 --db-name shop --master-username shop \
                    --manage-master-user-password --storage-type gp3 --storage-encrypted --kms-key-id";
    let database: Vec<&str> = database.split_whitespace().chain([key_arn.as_str()]).collect();
    shell.aws(&database)?;
    Ok(STACK.replace("@VPC@", &text(&vpc, "/Vpc/VpcId")).replace("@KEY@", &key))
}

/// What a plan imports: identifiers by address.
fn imported(plan: &Value) -> BTreeMap<String, String> {
    let changes = plan["resource_changes"].as_array().into_iter().flatten();
    let imported = changes.filter_map(|change| {
        let id = change["change"]["importing"]["id"].as_str()?;
        Some((change["address"].as_str()?.to_owned(), id.to_owned()))
    });
    imported.collect()
}
