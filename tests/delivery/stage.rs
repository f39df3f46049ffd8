//! The stage on which scripts run: a directory, and stubs of what they call.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::compile::root;
use crate::{PLATFORMS, configuration, script, tree};

/// A directory in which scripts run, with an AWS, a Docker and a Terraform that write down what is asked of them.
pub struct Stage {
    dir: TempDir,
    environment: BTreeMap<&'static str, String>,
}

/// What a script did.
pub struct Played {
    pub code: i32,
    pub said: String,
    pub calls: Vec<String>,
}

impl Played {
    /// The calls that begin with a text.
    pub fn calls(&self, beginning: &str) -> Vec<&str> {
        self.calls.iter().map(String::as_str).filter(|call| call.starts_with(beginning)).collect()
    }

    /// Where the first call that begins with a text stands.
    #[track_caller]
    pub fn place(&self, beginning: &str) -> usize {
        let found = self.calls.iter().position(|call| call.starts_with(beginning));
        found.unwrap_or_else(|| panic!("no {beginning} in\n{}\n{}", self.calls.join("\n"), self.said))
    }
}

impl Stage {
    pub fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let path = |name: &str| dir.path().join(name).display().to_string();
        let settings = json!({
            "prefix": "shop-staging",
            "cluster": "shop-staging",
            "subnets": ["subnet-1"],
            "public_ip": "DISABLED",
            "timeout": 1,
            "builds": { "app": {
                "repository": "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop-staging-app",
                "dockerfile": "docker/Dockerfile",
                "context": ".",
                "platform": "linux/amd64",
                "args": { "MODE": "two words", "ELSEWHERE": null },
                "commit_arg": "GIT_SHA",
                "secrets": { "TOKEN": "arn:aws:ssm:eu-west-1:111111111111:parameter/shop/staging/token" },
                "run": [["rake", "assets:precompile"]],
                "environment": { "RAILS_GROUPS": "assets" },
            } },
            "families": {
                "web": { "web": "app" },
                "migrate": { "migrate": "app" },
                "audit": { "audit": "app" },
                "elsewhere": null,
            },
            "tasks": [
                { "name": "audit", "order": 2, "container": "audit", "security_groups": ["sg-2"], "timeout": null },
                null,
                { "name": "migrate", "order": 1, "container": "migrate", "security_groups": ["sg-1"], "timeout": 1 },
            ],
            "services": ["web", null],
        });
        fs::write(path("settings.json"), settings.to_string()).unwrap();
        let outputs = json!({ "task_make_admin_run": { "value": {
            "region": "eu-west-1", "cluster": "shop-staging", "task_definition": "shop-staging-make-admin",
            "container": "make-admin", "subnets": ["subnet-1"], "security_groups": ["sg-3"],
            "public_ip": "ENABLED", "execute_command": true, "timeout": 0,
        } } });
        fs::write(path("outputs.json"), outputs.to_string()).unwrap();
        let stubs = root("tests/fixtures/delivery");
        let rest = std::env::var("PATH").unwrap();
        let environment = BTreeMap::from([
            ("PATH", format!("{}:{rest}", stubs.display())),
            ("CALLS", path("calls")),
            ("PUSHED", path("pushed")),
            ("REGISTERED", path("registered")),
            ("SETTINGS", path("settings.json")),
            ("OUTPUTS", path("outputs.json")),
            ("SECRET", "hunter2".to_owned()),
            ("AWS_REGION", "eu-west-1".to_owned()),
            ("POLL_SECONDS", "0.2".to_owned()),
            ("PARAMETER", "/shop/staging/pipeline/main".to_owned()),
            ("COMMIT", "abc123".to_owned()),
            ("STEPS", "build deploy".to_owned()),
        ]);
        Self { dir, environment }
    }

    /// Puts a variable into the environment of the script.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.environment.insert(name, value.to_owned());
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn deploy(&self) -> Played {
        let script = script("codepipeline", &configuration("codepipeline", PLATFORMS[2].1));
        fs::write(self.path("deploy"), script).unwrap();
        self.play(&self.path("deploy"), &[])
    }

    pub fn run_task(&self, arguments: &[&str]) -> Played {
        let script = &tree("codepipeline", PLATFORMS[2].1)["scripts/run-task"];
        fs::create_dir_all(self.path("scripts")).unwrap();
        fs::write(self.path("scripts/run-task"), script).unwrap();
        self.play(&self.path("scripts/run-task"), arguments)
    }

    fn play(&self, script: &Path, arguments: &[&str]) -> Played {
        let mut command = Command::new("bash");
        command.arg(script).args(arguments).envs(&self.environment).stdin(Stdio::null());
        let output = command.current_dir(self.dir.path()).output().unwrap();
        let said =
            [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
        let calls = fs::read_to_string(self.path("calls")).unwrap_or_default();
        Played {
            code: output.status.code().unwrap_or(-1),
            said,
            calls: calls.lines().map(str::to_owned).collect(),
        }
    }

    /// The task definitions that were registered, by family.
    pub fn registered(&self) -> BTreeMap<String, Value> {
        let text = fs::read_to_string(self.path("registered")).unwrap_or_default();
        let found = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        found.map(|one| (one["family"].as_str().unwrap().to_owned(), one)).collect()
    }
}
