//! What `protect = true` promises, asked of AWS itself: it must refuse to delete what holds data.

use std::collections::BTreeMap;

use groundplan::tree::Tree;

use crate::Outcome;
use crate::plan::Resource;
use crate::terraform::Shell;

/// How a type of resource is protected.
enum Protection {
    /// AWS refuses this call, and says so in these words.
    Refusal { call: &'static [&'static str], attribute: &'static str, words: &'static str },
    /// The provider is told by this argument not to delete what is full, where it holds data.
    Argument { name: &'static str },
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
    ("aws_s3_bucket", Protection::Argument { name: "force_destroy" }),
    ("aws_ecr_repository", Protection::Argument { name: "force_delete" }),
];

/// Fails where something that holds data could be deleted, or where nothing is protected at all.
pub fn check(shell: &Shell, applied: &BTreeMap<String, Resource>, tree: &Tree) -> Outcome<()> {
    let mut checked = 0;
    for (address, resource) in applied {
        let holds_data = holds_data(tree, address);
        for (_, protection) in PROTECTED.iter().filter(|(kind, _)| *kind == resource.kind) {
            match protection {
                Protection::Refusal { call, attribute, words } => {
                    checked += 1;
                    let name = resource.values[attribute].as_str().unwrap_or_default();
                    let said = shell.aws(&[*call, &[name]].concat());
                    if !said.as_ref().is_err_and(|refusal| refusal.contains(words)) {
                        return Err(format!("AWS does not refuse to delete {address}: {said:?}"));
                    }
                }
                Protection::Argument { name } if holds_data => {
                    checked += 1;
                    if resource.values[name] != false {
                        return Err(format!("{address} does not have {name} = false"));
                    }
                }
                Protection::Argument { .. } => {}
            }
        }
    }
    match checked {
        0 => Err("nothing is protected".to_owned()),
        _ => Ok(()),
    }
}

/// Whether the resource of an address holds data that would be lost with it.
pub fn holds_data(tree: &Tree, address: &str) -> bool {
    let known = tree.addresses.get(address.split('[').next().unwrap_or(address));
    known.is_some_and(|known| known.data)
}
