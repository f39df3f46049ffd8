//! One run of checkov: over the text of a tree, or over the plan of one workspace.

use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::terraform::offline;

/// What is scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The generated text.
    Static,
    /// The plan of an environment that protects its data.
    Protected,
    /// The plan of one that does not.
    Unprotected,
}

impl Kind {
    pub const ALL: [Kind; 3] = [Kind::Static, Kind::Protected, Kind::Unprotected];

    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.to_string() == word)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Static => "static",
            Kind::Protected => "protected",
            Kind::Unprotected => "unprotected",
        })
    }
}

/// Something to scan, ready.
pub struct Target {
    pub stack: String,
    /// The workspace of a plan; `-` for the text.
    pub workspace: String,
    pub kind: Kind,
    /// Whether it is the text of a stack that has no protected environment.
    pub unprotected_only: bool,
    pub path: PathBuf,
}

/// A failed check of a resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub stack: String,
    pub kind: Kind,
    /// Whether it is of the text of a stack that has no protected environment.
    pub unprotected_only: bool,
    /// `CKV_AWS_91`
    pub check: String,
    /// The address of the resource, without the keys of its instances.
    pub address: String,
    /// What the check wants.
    pub wish: String,
}

/// What checkov says of one tree or plan.
pub struct Report {
    pub resources: u64,
    pub passed: u64,
    /// Failed checks, each once for all instances of a resource.
    pub findings: Vec<Finding>,
}

/// Scans a directory, or the JSON of a plan, with the checkov of a virtual environment. Nothing reaches the network.
pub fn scan(bin: &Path, target: &Target) -> Report {
    let Target { kind, path, .. } = target;
    let (option, framework) = match kind {
        Kind::Static => ("--directory", "terraform"),
        Kind::Protected | Kind::Unprotected => ("--file", "terraform_plan"),
    };
    let mut command = offline(bin.join("checkov"));
    command
        .arg(option)
        .arg(path)
        .args(["--framework", framework, "--skip-download", "--compact", "--quiet", "--soft-fail"])
        .args(["--output", "json"])
        // Otherwise whatever is known only after the apply, the ARN of a key above all, counts as missing.
        .env("EVAL_TF_PLAN_AFTER_UNKNOWN", "True");
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}:\n{said}");
    let json: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{command:?} gives no JSON: {error}\n{said}"));
    let summary = |name: &str| json["summary"][name].as_u64().unwrap_or_default();
    assert_eq!(summary("parsing_errors"), 0, "checkov cannot read all of {}", path.display());
    assert!(summary("resource_count") > 0, "checkov finds no resource in {}", path.display());
    let failed = json["results"]["failed_checks"].as_array().cloned().unwrap_or_default();
    let mut findings: Vec<Finding> = failed.iter().map(|failed| finding(target, failed)).collect();
    findings.sort();
    findings.dedup();
    Report { resources: summary("resource_count"), passed: summary("passed"), findings }
}

fn finding(target: &Target, failed: &Value) -> Finding {
    let text = |name: &str| failed[name].as_str().unwrap_or_default().to_owned();
    let address = text("resource");
    let address = address.split('[').next().unwrap_or_default().to_owned();
    let Target { stack, kind, unprotected_only, .. } = target;
    Finding {
        stack: stack.clone(),
        kind: *kind,
        unprotected_only: *unprotected_only,
        check: text("check_id"),
        address,
        wish: text("check_name"),
    }
}
