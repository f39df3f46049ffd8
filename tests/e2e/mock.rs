//! The mock of AWS: one server of it per run.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::Outcome;

/// What the mock is made of, and the command line that the generated README uses.
pub const REQUIREMENTS: &str = include_str!("mock/requirements.txt");

/// Where the mock and this driver keep what they make.
pub fn home() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("e2e")
}

/// A server that is one AWS account. It ends when this is dropped, or when this process dies.
pub struct Mock {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    /// Where it answers.
    pub url: String,
}

impl Mock {
    /// Starts the mock of an account; what it says goes to a log.
    pub fn start(bin: &Path, account: &str, log: &Path) -> Outcome<Self> {
        let log = File::create(log).map_err(|error| error.to_string())?;
        let mut child = Command::new(bin.join("python"))
            .args(["-B", "-m", "mock"])
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e"))
            .env("MOTO_ACCOUNT_ID", account)
            // ACM issues a certificate some time after its record is there; a second is as true as a minute.
            .env("MOTO_ACM_VALIDATION_WAIT", "1")
            .env("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|error| format!("the mock: {error}"))?;
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().ok_or("the mock has no output")?);
        let mut mock = Self { child, stdin, stdout, url: String::new() };
        mock.url = format!("http://127.0.0.1:{}", mock.line()?);
        Ok(mock)
    }

    /// Sends a command and waits for the answer.
    pub fn ask(&mut self, command: Value) -> Outcome<Value> {
        let stdin = self.stdin.as_mut().ok_or("the mock is closed")?;
        writeln!(stdin, "{command}").map_err(|error| format!("the mock: {error}"))?;
        serde_json::from_str(&self.line()?).map_err(|error| format!("{command}: {error}"))
    }

    fn line(&mut self) -> Outcome<String> {
        let mut line = String::new();
        self.stdout.read_line(&mut line).map_err(|error| format!("the mock: {error}"))?;
        match line.trim() {
            "" => Err("the mock has ended; see mock.log".to_owned()),
            line => Ok(line.to_owned()),
        }
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        // Without input it stops by itself; whether it was still there does not matter any more.
        drop(self.stdin.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
