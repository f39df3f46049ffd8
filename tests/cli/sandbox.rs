//! A directory to run the binary in.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

/// A directory to work in, with stack files in `stacks/`.
pub struct Sandbox(pub TempDir);

/// What a run left.
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// A stack with one mistake.
pub const BROKEN: &str = "stack \"broken\" { regin = \"eu-west-1\" }\n";

/// A stack with `tasks` tasks in its only service.
pub fn stack(name: &str, tasks: u32) -> String {
    format!(
        r#"stack "{name}" {{
  region = "eu-west-1"
}}

environment "production" {{
  account = "111111111111"
}}

network "main" {{
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}}

service "web" {{
  image = "public.ecr.aws/nginx/nginx:1.27"
  tasks = {tasks}
}}
"#
    )
}

impl Sandbox {
    pub fn new(stacks: &[(&str, &str)]) -> Self {
        let sandbox = Self(tempfile::tempdir().unwrap());
        fs::create_dir(sandbox.path("stacks")).unwrap();
        for (name, text) in stacks {
            fs::write(sandbox.path(&format!("stacks/{name}")), text).unwrap();
        }
        sandbox
    }

    /// A sandbox with the stack `shop`, generated.
    pub fn generated() -> Self {
        let sandbox = Self::new(&[("shop.hcl", &stack("shop", 1))]);
        assert_eq!(sandbox.run(&["generate", "stacks/shop.hcl"]).code, Some(0));
        sandbox
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    pub fn read(&self, below: &str) -> String {
        fs::read_to_string(self.path(below)).unwrap()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("groundplan").unwrap();
        command.current_dir(self.0.path()).args(arguments);
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM", "CI"] {
            command.env_remove(variable);
        }
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.finish(&mut self.command(arguments))
    }

    pub fn pipe(&self, arguments: &[&str], input: &str) -> Ran {
        self.finish(self.command(arguments).write_stdin(input))
    }

    pub fn finish(&self, command: &mut Command) -> Ran {
        let output = command.output().unwrap();
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Every file below the sandbox with its text.
    pub fn snapshot(&self) -> Vec<(PathBuf, Vec<u8>)> {
        fn walk(directory: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, found);
                } else {
                    found.push((path.clone(), fs::read(&path).unwrap()));
                }
            }
        }
        let mut found = Vec::new();
        walk(self.0.path(), &mut found);
        found.sort();
        found
    }
}
