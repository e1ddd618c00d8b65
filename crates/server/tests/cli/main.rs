//! The binary as an operator meets it, in an empty folder of its own.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "this is a test"
)]

mod books;
mod commands;
mod desks;
mod finding;
mod serving;
mod simulating;
mod working;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const FREE_PORT: (&str, &str) = ("PORT", "0");
const SECRET: &str = "5f0d7c1be2a94c38ad61fe0b92c7d4e85f0d7c1be2a94c38";

/// The binary in this folder, with none of our variables but those given.
fn savdo(folder: &TempDir, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_savdo"));
    command
        .args(arguments)
        .current_dir(folder.path())
        .env_clear()
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(folder: &TempDir, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    savdo(folder, arguments, variables).output().unwrap()
}

/// The exit code and what it said on stderr, of a command that fails.
fn refusal(output: &Output) -> (Option<i32>, String) {
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    )
}

/// A server of this binary; killed when dropped.
struct Serving {
    process: Child,
    log: BufReader<std::process::ChildStdout>,
    address: String,
}

impl Serving {
    /// Waits for the line that says where it listens.
    fn start(folder: &TempDir, variables: &[(&str, &str)]) -> Self {
        let mut serving = Self::spawn(savdo(folder, &["serve"], variables));
        let listens = serving.wait_for(|event| event["address"].is_string());
        serving.address = listens["address"].as_str().unwrap().to_owned();
        serving
    }

    /// A process whose log is read.
    fn spawn(mut command: Command) -> Self {
        let mut process = command.spawn().unwrap();
        let log = BufReader::new(process.stdout.take().unwrap());
        let address = String::new();
        Self { process, log, address }
    }

    /// Reads the log up to this event.
    fn wait_for(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        loop {
            let mut line = String::new();
            if self.log.read_line(&mut line).unwrap() == 0 {
                let mut said = String::new();
                self.process.stderr.take().unwrap().read_to_string(&mut said).unwrap();
                panic!("it ended early: {said}");
            }
            let event: Value = serde_json::from_str(&line).unwrap();
            if is_it(&event) {
                break event;
            }
        }
    }

    fn post(&self, path: &str, body: &str) -> u16 {
        let request = ureq::post(format!("{}{path}", self.address)).header("content-type", "application/json");
        request.send(body).unwrap().status().as_u16()
    }

    fn get(&self, path: &str) -> u16 {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .new_agent();
        agent
            .get(format!("{}{path}", self.address))
            .call()
            .unwrap()
            .status()
            .as_u16()
    }

    fn health(&self, folder: &TempDir) -> Option<i32> {
        run(folder, &["health", "--server", &self.address], &[]).status.code()
    }

    fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Sends SIGTERM and waits for the end; the rest of the log comes with it.
    fn terminate(&mut self) -> (ExitStatus, Vec<Value>) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let events = self
            .log
            .by_ref()
            .lines()
            .map(|line| serde_json::from_str(&line.unwrap()).unwrap());
        let events = events.collect();
        (self.process.wait().unwrap(), events)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
