//! Security that differs between environments, and so is known only in a plan: protection, and which buckets are public.

use groundplan::model::Environment;
use groundplan::syntax::Value;
use groundplan::terms::Id;

use crate::planned::Plan;

/// What follows `protect`: the resource type, the argument, and its value where data is protected.
const PROTECTION: &[(&str, &str, bool)] = &[
    ("aws_db_instance", "deletion_protection", true),
    ("aws_db_instance", "skip_final_snapshot", false),
    ("aws_db_instance", "delete_automated_backups", false),
    ("aws_ecr_repository", "force_delete", false),
    ("aws_lb", "enable_deletion_protection", true),
    ("aws_s3_bucket", "force_destroy", false),
];

/// What opens a bucket: the arguments of its public access block, and the setting that switches them off.
const OPENINGS: &[(&str, &str)] = &[
    ("block_public_acls", "acls"),
    ("ignore_public_acls", "acls"),
    ("block_public_policy", "public_read"),
    ("restrict_public_buckets", "public_read"),
];

/// What is wrong with the plan of an environment, one line for each place.
pub fn problems(plan: &Plan, environment: &Environment) -> Vec<String> {
    let mut problems = Vec::new();
    let protect = environment.settings.protect;
    let mut expect = |address: &str, argument: &str, expected: bool| {
        let found = &plan.resources[address][argument];
        if found != expected {
            problems.push(format!("{address} in {}: {argument} is {found}", plan.workspace));
        }
    };
    for (resource_type, argument, protected) in PROTECTION {
        // What a pipeline keeps is made anew by its next run.
        for address in
            addresses(plan, resource_type).filter(|address| !address.starts_with("module.delivery."))
        {
            expect(address, argument, *protected == protect);
        }
    }
    for address in addresses(plan, "aws_s3_bucket_public_access_block") {
        let label = address.rsplit('.').next().unwrap_or_default().split('[').next().unwrap_or_default();
        // That of a pipeline is no component: nothing opens it.
        let own = address.starts_with("module.data.").then(|| Id::new("bucket", label));
        let bucket = own.and_then(|id| environment.components.get(&id));
        for (argument, setting) in OPENINGS {
            let written = bucket.and_then(|bucket| bucket.table.get(setting)).map(|entry| &entry.node.value);
            expect(address, argument, written != Some(&Value::Bool(true)));
        }
    }
    problems
}

/// The addresses of the resources of a type.
fn addresses<'p>(plan: &'p Plan, resource_type: &str) -> impl Iterator<Item = &'p String> {
    let part = format!(".{resource_type}.");
    plan.resources.keys().filter(move |address| address.contains(&part))
}
