//! `savdo create-admin`: the first account of an installation. It needs no stopped server.

use std::process::ExitCode;

use anyhow::bail;
use savdo_domain::Refusal;
use savdo_domain::fields::FieldIssue;
use savdo_services::Error;
use savdo_services::accounts::{self, CreateAdmin, StaffAccount};

use super::{open, say, secret};
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// 3 to 150 ASCII letters, digits and @.+-_
    #[arg(long)]
    username: String,
    /// A phone of Uzbekistan, such as +998901234567
    #[arg(long)]
    phone: String,
    /// An e-mail address
    #[arg(long, default_value = "")]
    email: String,
}

pub(super) fn run(settings: &Settings, arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { username, phone, email } = arguments;
    let context = open(settings)?;
    let account = StaffAccount {
        username: username.clone(),
        password: secret::read("Password")?,
        phone1: phone,
        phone2: String::new(),
        email,
        first_name: String::new(),
        last_name: String::new(),
    };
    match accounts::create_admin(&context, CreateAdmin { account }) {
        Ok(id) => say(&format!("Admin {username} made, user {}", id.get()))?,
        Err(Error::Refused(refusal)) => bail!("{}", reason(&refusal)),
        Err(error) => return Err(error.into()),
    }
    Ok(ExitCode::SUCCESS)
}

/// `phone: taken; password: too_short`.
fn reason(refusal: &Refusal) -> String {
    let Refusal::Fields(errors) = refusal else {
        return refusal.code().unwrap_or("refused").to_owned();
    };
    let fields = errors.iter().map(|(field, issue)| {
        let codes = match issue {
            FieldIssue::Value(problems) => problems.iter().map(|problem| problem.code()).collect(),
            FieldIssue::Elements(_) => Vec::new(),
        };
        format!("{field}: {}", codes.join(", "))
    });
    fields.collect::<Vec<_>>().join("; ")
}
