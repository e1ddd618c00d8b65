//! Secrets of an operator: the first line of the input, asked for at a terminal; never an argument, which other users could see.

use std::io::{BufRead, IsTerminal, Write};
use std::process::{Command, Stdio};

/// Reads one, which a terminal does not show.
pub(super) fn read(prompt: &str) -> std::io::Result<String> {
    let input = std::io::stdin();
    if !input.is_terminal() {
        return first_line();
    }
    write!(std::io::stderr(), "{prompt}: ")?;
    echo("-echo");
    let typed = first_line();
    echo("echo");
    writeln!(std::io::stderr())?;
    typed
}

fn first_line() -> std::io::Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// A terminal without `stty` shows what is typed.
fn echo(state: &str) {
    let _ = Command::new("stty").arg(state).stdin(Stdio::inherit()).status();
}
