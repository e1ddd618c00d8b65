//! Secrets of an operator: the first line of the input, asked for at a terminal; never an argument, which other users could see.

use std::io::{BufRead, IsTerminal, Write};
use std::process::{Child, Command, Stdio};

/// Reads one, which a terminal does not show.
pub(super) fn read(prompt: &str) -> std::io::Result<String> {
    let input = std::io::stdin();
    if !input.is_terminal() {
        return first_line();
    }
    write!(std::io::stderr(), "{prompt}: ")?;
    let hidden = Hidden::new();
    let typed = first_line();
    drop(hidden);
    writeln!(std::io::stderr())?;
    typed
}

fn first_line() -> std::io::Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// What is typed is not shown as long as this lives, or the process: Ctrl-C ends that in the middle of the line.
struct Hidden {
    /// Waits for the end of its input, which is ours at the latest; no key of the terminal reaches it.
    keeper: Option<Child>,
}

const KEEPER: &str = "trap '' INT QUIT HUP TERM TSTP TTOU TTIN; read -r _; stty echo </dev/tty";

impl Hidden {
    fn new() -> Self {
        let keeper = Command::new("sh")
            .args(["-c", KEEPER])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        echo("-echo");
        Self { keeper: keeper.ok() }
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        if let Some(keeper) = &mut self.keeper {
            // Closes its input first.
            let _ = keeper.wait();
        }
        echo("echo");
    }
}

/// A terminal without `stty` shows what is typed.
fn echo(state: &str) {
    let _ = Command::new("stty").arg(state).stdin(Stdio::inherit()).status();
}
