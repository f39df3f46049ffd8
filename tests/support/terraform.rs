//! Runs the real terraform on generated trees: with no account, and with no network once the provider is there.

#![allow(dead_code, reason = "each test uses its part")]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Fake credentials and a local state: what a tree needs to be planned without an account. Nobody asks AWS which
/// account it is, so none can be refused.
const OVERRIDE: &str = r#"terraform {
  backend "local" {}
}

provider "aws" {
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  allowed_account_ids         = null
}
"#;

/// Whether terraform is there. Without it the caller skips, loudly; where it is required, that is a failure.
pub fn is_installed() -> bool {
    static INSTALLED: LazyLock<bool> = LazyLock::new(|| {
        let found = runs(&["terraform", "version"]);
        assert!(
            found || !is_required(),
            "terraform is not installed, and GROUNDPLAN_REQUIRE_TERRAFORM is set"
        );
        if !found {
            tell("SKIPPED: terraform is not installed");
        }
        found
    });
    *INSTALLED
}

/// Whether a missing terraform is a failure, as in CI.
fn is_required() -> bool {
    std::env::var_os("GROUNDPLAN_REQUIRE_TERRAFORM").is_some()
}

/// Writes a line to standard error, past the capture of the test harness.
pub fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Whether a command runs and succeeds.
fn runs(words: &[&str]) -> bool {
    let mut command = Command::new(words[0]);
    let quiet = command.args(&words[1..]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// What a run of terraform said.
#[derive(Debug)]
pub struct Said {
    pub succeeded: bool,
    /// Standard output alone.
    pub output: String,
    /// Both streams, for people and for [`Said::sentence`].
    pub text: String,
    pub took: Duration,
}

impl Said {
    /// Everything said, without the line breaks and frames that depend on the terminal.
    pub fn sentence(&self) -> String {
        let plain = self.text.replace(['│', '╷', '╵'], " ");
        plain.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Fails unless it succeeded.
    #[track_caller]
    pub fn expect(self, what: &str) -> Self {
        assert!(self.succeeded, "{what} failed:\n{}", self.text);
        self
    }
}

/// A generated tree in a directory of its own, initialised.
pub struct Workdir {
    dir: PathBuf,
}

impl Workdir {
    /// Writes a tree to `target/tmp/terraform/<name>` and initialises it; `None`, said loudly, where the provider cannot
    /// be had and terraform is not required.
    pub fn new(name: &str, files: &BTreeMap<String, String>) -> Option<Self> {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("terraform").join(name);
        if dir.exists() {
            fs::remove_dir_all(&dir).unwrap();
        }
        for (path, text) in files {
            let path = dir.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        fs::write(dir.join("zz_override.tf"), OVERRIDE).unwrap();
        let workdir = Self { dir };
        // Only this may need the network: it fetches the provider, once for all trees.
        let said = workdir.start(terraform(), None, &["init", "-input=false", "-no-color"]);
        if said.succeeded || is_required() {
            said.expect("terraform init");
            return Some(workdir);
        }
        tell(&format!("SKIPPED: terraform cannot get the AWS provider here:\n{}", said.text));
        None
    }

    /// The path of a file in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// Runs terraform in a workspace, without network.
    pub fn run(&self, workspace: Option<&str>, arguments: &[&str]) -> Said {
        self.start(offline("terraform"), workspace, arguments)
    }

    /// Plans a workspace and reads the plan.
    pub fn plan(&self, workspace: &str) -> (serde_json::Value, Duration) {
        let file = format!("{workspace}.tfplan");
        let out = format!("-out={file}");
        let plan = ["plan", "-input=false", "-no-color", "-lock=false", "-refresh=false", out.as_str()];
        let what = format!("terraform plan of {} in {workspace}", self.dir.display());
        let said = self.run(Some(workspace), &plan).expect(&what);
        let shown = self.run(Some(workspace), &["show", "-json", &file]).expect("terraform show");
        (serde_json::from_str(&shown.output).unwrap(), said.took)
    }

    fn start(&self, mut command: Command, workspace: Option<&str>, arguments: &[&str]) -> Said {
        let inherited = std::env::vars_os().map(|(name, _)| name);
        for name in inherited.filter(|name| name.to_string_lossy().starts_with("AWS_")) {
            command.env_remove(name);
        }
        for name in ["TF_DATA_DIR", "TF_LOG", "TF_CLI_ARGS", "TF_WORKSPACE"] {
            command.env_remove(name);
        }
        if let Some(workspace) = workspace {
            command.env("TF_WORKSPACE", workspace);
        }
        let nothing = self.dir.join("no-such-file");
        command
            .current_dir(&self.dir)
            .args(arguments)
            .env("AWS_CONFIG_FILE", &nothing)
            .env("AWS_SHARED_CREDENTIALS_FILE", &nothing)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("CHECKPOINT_DISABLE", "1")
            .stdin(Stdio::null());
        let started = Instant::now();
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let took = started.elapsed();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        Said { succeeded: output.status.success(), text: format!("{out}\n{err}"), output: out, took }
    }
}

/// Terraform with the provider kept between trees: by a mirror that the environment names, or by a cache.
fn terraform() -> Command {
    let mut command = Command::new("terraform");
    if std::env::var_os("TF_CLI_CONFIG_FILE").is_none() {
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("terraform-providers");
        fs::create_dir_all(&cache).unwrap();
        command.env("TF_PLUGIN_CACHE_DIR", cache);
    }
    command
}

/// A program in a network namespace that has nothing in it; where the system has none, with proxies that lead
/// nowhere.
pub fn offline(program: impl AsRef<OsStr>) -> Command {
    static NAMESPACES: LazyLock<bool> = LazyLock::new(|| runs(&["unshare", "-rn", "true"]));
    if *NAMESPACES {
        let mut command = Command::new("unshare");
        command.arg("-rn").arg(program);
        return command;
    }
    let mut command = Command::new(program);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"] {
        command.env(name, "http://127.0.0.1:9");
    }
    command.env_remove("NO_PROXY").env_remove("no_proxy");
    command
}
