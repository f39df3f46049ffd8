//! What `protect = true` promises, asked of AWS itself: it must refuse to delete what holds data.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::Outcome;
use crate::plan::Resource;
use crate::terraform::Shell;

/// How a type of resource is protected.
enum Protection {
    /// AWS refuses this call, and says so in these words.
    Refusal { call: &'static [&'static str], attribute: &'static str, words: &'static str },
    /// The provider is told by this argument not to delete what is full.
    Argument { name: &'static str, value: bool },
}

/// The types that are protected, and by what.
const PROTECTED: &[(&str, Protection)] = &[
    (
        "aws_db_instance",
        Protection::Refusal {
            call: &["rds", "delete-db-instance", "--skip-final-snapshot", "--db-instance-identifier"],
            attribute: "identifier",
            words: "Cannot delete protected DB Instance",
        },
    ),
    (
        "aws_lb",
        Protection::Refusal {
            call: &["elbv2", "delete-load-balancer", "--load-balancer-arn"],
            attribute: "arn",
            words: "OperationNotPermitted",
        },
    ),
    ("aws_s3_bucket", Protection::Argument { name: "force_destroy", value: false }),
    ("aws_ecr_repository", Protection::Argument { name: "force_delete", value: false }),
];

/// Fails where something that holds data could be deleted, or where nothing is protected at all.
pub fn check(shell: &Shell, applied: &BTreeMap<String, Resource>) -> Outcome<()> {
    let mut checked = 0;
    for (address, resource) in applied {
        for (_, protection) in PROTECTED.iter().filter(|(kind, _)| *kind == resource.kind) {
            checked += 1;
            match protection {
                Protection::Refusal { call, attribute, words } => {
                    let name = resource.values[attribute].as_str().unwrap_or_default();
                    let said = shell.aws(&[*call, &[name]].concat());
                    if !said.as_ref().is_err_and(|refusal| refusal.contains(words)) {
                        return Err(format!("AWS does not refuse to delete {address}: {said:?}"));
                    }
                }
                Protection::Argument { name, value } => {
                    if resource.values[name] != Value::Bool(*value) {
                        return Err(format!("{address} does not have {name} = {value}"));
                    }
                }
            }
        }
    }
    match checked {
        0 => Err("nothing is protected".to_owned()),
        _ => Ok(()),
    }
}
