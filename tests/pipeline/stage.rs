//! The stage on which the scripts run: a repository, and stubs of what they call.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::root;

/// A directory with a stack file, a GitHub without comments, and a Groundplan that finds nothing.
pub struct Stage {
    dir: TempDir,
    environment: BTreeMap<&'static str, String>,
}

/// What a script did.
pub struct Played {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Stage {
    pub fn new() -> Self {
        let dir = TempDir::new().unwrap();
        fs::create_dir(dir.path().join("stacks")).unwrap();
        let path = |name: &str| dir.path().join(name).display().to_string();
        let stubs = root("tests/fixtures/pipeline");
        let rest = std::env::var("PATH").unwrap();
        let environment = BTreeMap::from([
            ("PATH", format!("{}:{rest}", stubs.display())),
            ("CALLS", path("calls")),
            ("COMMENTS", path("comments.json")),
            ("UPLOADED", path("uploaded.sarif")),
            ("GITHUB_REPOSITORY", "example/shop".to_owned()),
            ("GITHUB_TOKEN", "hunter2".to_owned()),
            ("PULL_REQUEST", "7".to_owned()),
        ]);
        let stage = Self { dir, environment };
        stage.write("stacks/shop.hcl", "");
        stage.comments(&[]);
        stage
    }

    /// Puts a variable into the environment of the scripts.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.environment.insert(name, value.to_owned());
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Puts comments on the pull request: whether they are by the owner of the token, and their text.
    pub fn comments(&self, comments: &[(bool, &str)]) {
        let comments = comments.iter().enumerate().map(
            |(id, (own, body))| json!({ "id": format!("C_{id}"), "viewerDidAuthor": own, "body": body }),
        );
        self.write("comments.json", &Value::from_iter(comments).to_string());
    }

    /// The texts of the comments on the pull request.
    pub fn commented(&self) -> Vec<String> {
        let comments: Value = serde_json::from_str(&self.read("comments.json")).unwrap();
        let comments = comments.as_array().unwrap().iter();
        comments.map(|comment| comment["body"].as_str().unwrap().to_owned()).collect()
    }

    /// The calls that begin with a word.
    pub fn calls(&self, word: &str) -> Vec<String> {
        self.read("calls").lines().filter(|call| call.starts_with(word)).map(str::to_owned).collect()
    }

    /// The calls of Groundplan as words.
    pub fn groundplan(&self) -> Vec<Vec<String>> {
        let calls = self.calls("groundplan\t");
        calls.iter().map(|call| call.split('\t').map(str::to_owned).collect()).collect()
    }

    pub fn git(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=x", "-c", "user.email=x@example.com"]).args(arguments);
        let output = command.current_dir(self.dir.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Runs a script of the action.
    pub fn play(&self, script: &str, arguments: &[&str]) -> Played {
        let mut command = Command::new(root(&format!(".github/actions/groundplan/{script}")));
        for variable in ["GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "GITHUB_API_URL"] {
            command.env_remove(variable);
        }
        command.args(arguments).envs(&self.environment).stdin(Stdio::null());
        let output = command.current_dir(self.dir.path()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Played {
            code: output.status.code().unwrap_or(-1),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}
