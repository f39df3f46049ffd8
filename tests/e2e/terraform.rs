//! Terraform and the AWS command line, pointed at a mock; every run has its log.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Instant;

use serde_json::Value;

use crate::Outcome;
use crate::mock;

/// How many resources Terraform works on at a time: most of them only wait.
const PARALLELISM: &str = "-parallelism=30";

/// What a command said.
pub struct Said {
    pub code: Option<i32>,
    pub output: String,
}

/// A directory in which commands run for one workspace against one mock.
pub struct Shell {
    /// `mastodon/staging`, for messages.
    pub name: String,
    /// Holds the tree and everything that comes of it.
    pub dir: PathBuf,
    variables: Vec<(&'static str, String)>,
    url: String,
    step: usize,
}

impl Shell {
    /// A fresh directory for a run.
    pub fn new(name: &str) -> Outcome<Self> {
        let dir = mock::home().join("runs").join(name.replace('/', "-"));
        if dir.exists() {
            fs::remove_dir_all(&dir).map_err(|error| format!("{}: {error}", dir.display()))?;
        }
        for inner in ["tree", "logs", "plans", "objects"] {
            fs::create_dir_all(dir.join(inner)).map_err(|error| format!("{}: {error}", dir.display()))?;
        }
        Ok(Self { name: name.to_owned(), dir, variables: Vec::new(), url: String::new(), step: 0 })
    }

    /// The variables that point everything at the mock. The tree itself is applied as it was generated.
    pub fn point_at(&mut self, url: &str, region: &str, bin: &Path) {
        self.url = url.to_owned();
        let path = std::env::var("PATH").unwrap_or_default();
        let inherited = |name: &str| std::env::var(name).ok();
        self.variables = vec![
            ("PATH", format!("{}:{path}", bin.display())),
            ("HOME", self.dir.display().to_string()),
            ("AWS_ENDPOINT_URL", url.to_owned()),
            ("AWS_ACCESS_KEY_ID", "test".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
            ("AWS_REGION", region.to_owned()),
            ("AWS_DEFAULT_REGION", region.to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            ("AWS_PAGER", String::new()),
            ("TF_IN_AUTOMATION", "1".to_owned()),
            ("CHECKPOINT_DISABLE", "1".to_owned()),
        ];
        match inherited("TF_CLI_CONFIG_FILE") {
            Some(file) => self.variables.push(("TF_CLI_CONFIG_FILE", file)),
            None => {
                let cache = mock::home().join("providers");
                let _ = fs::create_dir_all(&cache);
                self.variables.push(("TF_PLUGIN_CACHE_DIR", cache.display().to_string()));
                // Trees come without a lock file; with this the cache serves all the same.
                self.variables.push(("TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE", "1".to_owned()));
            }
        }
        let network = ["HTTPS_PROXY", "https_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "TMPDIR"];
        self.variables.extend(network.into_iter().filter_map(|name| Some((name, inherited(name)?))));
        self.variables.push(("NO_PROXY", "127.0.0.1".to_owned()));
    }

    /// Runs a command in the tree and keeps what it says in a log of this name.
    pub fn run(&mut self, step: &str, program: &str, arguments: &[&str], input: &str) -> Outcome<Said> {
        let started = Instant::now();
        let said = self.quietly(program, arguments, input)?;
        self.step += 1;
        let log = self.dir.join(format!("logs/{:02}-{}.log", self.step, step.replace(' ', "-")));
        fs::write(&log, &said.output).map_err(|error| format!("{}: {error}", log.display()))?;
        crate::tell(&format!("{:24} {step:32} {:>4} s", self.name, started.elapsed().as_secs()));
        Ok(said)
    }

    /// Runs a command whose output is kept in no file: it may be a secret.
    pub fn quietly(&self, program: &str, arguments: &[&str], input: &str) -> Outcome<Said> {
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(self.dir.join("tree"))
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{program}: {error}"))?;
        if let Some(mut stdin) = child.stdin.take() {
            // A command that does not read its input has closed it.
            let _ = stdin.write_all(input.as_bytes());
        }
        let output = child.wait_with_output().map_err(|error| format!("{program}: {error}"))?;
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            text.push_str(&String::from_utf8_lossy(&output.stderr));
        }
        Ok(Said { code: output.status.code(), output: text })
    }

    /// Runs terraform and fails when it does.
    pub fn terraform(&mut self, step: &str, arguments: &[&str]) -> Outcome<String> {
        let said = self.run(step, "terraform", arguments, "")?;
        match said.code {
            Some(0) => Ok(said.output),
            _ => Err(format!("{step} failed:\n{}", tail(&said.output))),
        }
    }

    /// Initialises the tree and selects the workspace.
    pub fn init(&mut self, workspace: &str) -> Outcome<()> {
        // The provider goes into a cache that is shared, and that only one may fill at a time.
        static TURN: Mutex<()> = Mutex::new(());
        let turn = TURN.lock().map_err(|error| error.to_string())?;
        self.terraform("init", &["init", "-input=false", "-no-color"])?;
        drop(turn);
        self.terraform("workspace", &["workspace", "select", "-or-create", "-no-color", workspace])
            .map(|_| ())
    }

    /// Plans into a file of this name. Whether there is anything to do.
    pub fn plan(&mut self, name: &str) -> Outcome<bool> {
        let out = format!("-out=../plans/{}.tfplan", name.replace(' ', "-"));
        let arguments = ["plan", "-input=false", "-no-color", "-detailed-exitcode", PARALLELISM, &out];
        let said = self.run(name, "terraform", &arguments, "")?;
        match said.code {
            Some(0) => Ok(false),
            Some(2) => Ok(true),
            _ => Err(format!("{name} failed:\n{}", tail(&said.output))),
        }
    }

    /// Plans, and fails unless there is nothing to do.
    pub fn plan_nothing(&mut self, name: &str) -> Outcome<()> {
        match self.plan(name)? {
            false => Ok(()),
            true => {
                let plan = crate::plan::actions(&self.shown(name)?);
                Err(format!("{name} is not empty:\n{}", crate::plan::difference(&Default::default(), &plan)))
            }
        }
    }

    /// The JSON of a plan, which is kept beside it.
    pub fn shown(&mut self, name: &str) -> Outcome<Value> {
        let file = format!("../plans/{}.tfplan", name.replace(' ', "-"));
        self.show(&["show", "-json", &file], &format!("plans/{}.json", name.replace(' ', "-")))
    }

    /// The JSON of the state, which is kept, too.
    pub fn state(&mut self) -> Outcome<Value> {
        self.show(&["show", "-json"], "plans/state.json")
    }

    fn show(&mut self, arguments: &[&str], file: &str) -> Outcome<Value> {
        let said = self.quietly("terraform", arguments, "")?;
        let path = self.dir.join(file);
        fs::write(&path, &said.output).map_err(|error| format!("{}: {error}", path.display()))?;
        serde_json::from_str(&said.output).map_err(|error| format!("{file}: {error}\n{}", tail(&said.output)))
    }

    /// Applies the plan of a name. The number of resources that were added.
    pub fn apply(&mut self, name: &str) -> Outcome<usize> {
        let file = format!("../plans/{}.tfplan", name.replace(' ', "-"));
        let step = format!("apply {}", name.trim_start_matches("plan "));
        let said = self.terraform(&step, &["apply", "-input=false", "-no-color", PARALLELISM, &file])?;
        Ok(number_before(&said, " added"))
    }

    /// Brings the state up to what there is, without a change.
    pub fn refresh(&mut self, name: &str) -> Outcome<()> {
        let arguments = ["apply", "-refresh-only", "-auto-approve", "-input=false", "-no-color", PARALLELISM];
        self.terraform(name, &arguments).map(|_| ())
    }

    /// Destroys everything. The number of resources that were destroyed.
    pub fn destroy(&mut self) -> Outcome<usize> {
        let said = self.terraform("destroy", &["destroy", "-auto-approve", "-no-color", PARALLELISM])?;
        Ok(number_before(&said, " destroyed."))
    }

    /// Asks AWS something and reads the JSON; the answer is kept in no file.
    pub fn aws(&self, arguments: &[&str]) -> Outcome<Value> {
        // Not every service of the command line heeds the variable.
        let everywhere = ["--endpoint-url", self.url.as_str(), "--output", "json"];
        let said = self.quietly("aws", &[arguments, &everywhere].concat(), "")?;
        match said.code {
            // An action without an answer says nothing.
            Some(0) if said.output.trim().is_empty() => Ok(Value::Null),
            Some(0) => serde_json::from_str(&said.output).map_err(|error| error.to_string()),
            _ => Err(format!("aws {}: {}", arguments.join(" "), tail(&said.output))),
        }
    }
}

/// The last number before a word: 12 of `Resources: 12 added`.
fn number_before(text: &str, word: &str) -> usize {
    let before = text.rfind(word).map_or("", |at| &text[..at]);
    let digits = before.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    digits.parse().unwrap_or_default()
}

/// The end of a log, where the errors are.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.iter().position(|line| line.contains("Error: ")).unwrap_or(0);
    let from = from.max(lines.len().saturating_sub(60));
    lines[from..].join("\n")
}
