//! `savdo payments`: who may call as a provider of payments, and money of Click's that a comparison found. It needs no stopped server: those
//! that run know of a desk within ten seconds.

use std::fmt;
use std::process::ExitCode;

use anyhow::bail;
use savdo_domain::Money;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{PaymentDeskId, StoreId, TransactionId};
use savdo_domain::payment::desk::{DeskSecret, Environment};
use savdo_services::Context;
use savdo_services::desks::{self, AddDesk, ClickTerms, DeskIds, DeskSeen, DeskStanding, PaymeTerms, Rotation, Switch};
use savdo_services::gateways::ClickGateway;
use savdo_services::payments::{self, FindMoney, Found};

use super::{open, say, secret};
use crate::settings::Settings;
use crate::work;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Arguments {
    /// Cash desks at Payme and Click; running servers know of a change within ten seconds
    #[command(subcommand)]
    Desk(DeskCommand),
    /// Write down money that Click has of a cancelled attempt, if Click says so, and have it given back
    Found(WhichMoney),
}

#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct WhichMoney {
    /// The number of the attempt, as the log and Click's cabinet (merchant_prepare_id) show it
    transaction: i64,
    /// How much it is by Click's cabinet, such as 15000.00; needed where Click's answer does not say
    #[arg(long, value_parser = amount)]
    amount: Option<Money>,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum DeskCommand {
    /// Make a desk; its secret is the first line of the input
    #[command(subcommand)]
    Add(Add),
    /// Give a desk a new secret, the first line of the input; the old one is taken too until it is dropped
    Rotate(Rotate),
    /// Show all desks, never a secret
    List,
    /// Let a desk take calls again
    On(Which),
    /// Refuse all calls to a desk; orders of its store cannot be paid through another
    Off(Which),
    /// Take away a desk that is off; from then on the default serves its store
    Remove(Which),
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Add {
    /// A cash desk at Payme; its secret is the key that Payme calls with
    Payme(AddPayme),
    /// A service at Click; its secret is the SECRET_KEY that Click signs with
    Click(AddClick),
}

#[derive(Debug, clap::Args)]
pub(super) struct AddPayme {
    #[command(flatten)]
    place: Place,
    /// The id of the cash desk in Payme's cabinet
    #[arg(long)]
    merchant_id: String,
    /// The login that Payme calls with
    #[arg(long, default_value = "Paycom")]
    login: String,
    /// What the cabinet calls the field of the order
    #[arg(long, default_value = "order_id")]
    account_field: String,
    /// Payme registers the sale: it is told every line with its codes and tax
    #[arg(long)]
    detail: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct AddClick {
    #[command(flatten)]
    place: Place,
    /// The service in Click's cabinet
    #[arg(long)]
    service_id: String,
    /// The merchant in Click's cabinet
    #[arg(long)]
    merchant_id: String,
    /// The user of Click's Merchant API
    #[arg(long)]
    merchant_user_id: String,
}

#[derive(Debug, clap::Args)]
struct Place {
    #[command(flatten)]
    whose: Whose,
    /// "production" or "test"; without it that of payments.environment
    #[arg(long, value_parser = environment)]
    environment: Option<Environment>,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Whose {
    /// The store whose orders it serves
    #[arg(long)]
    store: Option<i64>,
    /// It serves every store that has no desk of its own, in place of the configuration's
    #[arg(long)]
    default: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Rotate {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    end: RotationEnd,
}

#[derive(Debug, clap::Args)]
#[group(required = false, multiple = false)]
struct RotationEnd {
    /// End a rotation: the previous secret is taken no more; no input is read
    #[arg(long)]
    drop_previous: bool,
    /// Take a rotation back: the previous secret is live again, the new one is taken no more; no input is read
    #[arg(long)]
    undo: bool,
}

#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct Which {
    /// The number of the desk, as the list shows it
    id: i64,
}

impl Which {
    const fn id(self) -> PaymentDeskId {
        PaymentDeskId::new(self.id)
    }
}

pub(super) fn run(settings: &Settings, arguments: Arguments) -> anyhow::Result<ExitCode> {
    let context = open(settings)?;
    match arguments {
        Arguments::Desk(command) => desk(&context, command)?,
        Arguments::Found(money) => found(&context, work::click(&settings.desks.click_api_url).as_ref(), money)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn desk(context: &Context, command: DeskCommand) -> anyhow::Result<()> {
    match command {
        DeskCommand::Add(Add::Payme(payme)) => add(context, &payme.place, payme.ids()),
        DeskCommand::Add(Add::Click(click)) => add(context, &click.place, click.ids()),
        DeskCommand::Rotate(wish) => rotate(context, &wish),
        DeskCommand::List => list(context),
        DeskCommand::On(which) => switch(context, which, (Switch::On, "takes calls")),
        DeskCommand::Off(which) => switch(context, which, (Switch::Off, "takes no calls")),
        DeskCommand::Remove(which) => switch(context, which, (Switch::Remove, "is removed")),
    }
}

fn found(context: &Context, click: &dyn ClickGateway, money: WhichMoney) -> anyhow::Result<()> {
    let id = TransactionId::new(money.transaction);
    let command = FindMoney {
        transaction_id: id,
        amount: money.amount,
    };
    match done(payments::found(context, click, command))? {
        Found::Late(amount) => say(&format!(
            "Click has {amount} so'm of transaction {id}: it is late money now, and the worker asks Click to give it back"
        ))?,
        Found::Known => say(&format!(
            "The money of transaction {id} is known already; nothing has changed"
        ))?,
    }
    Ok(())
}

impl AddPayme {
    fn ids(&self) -> DeskIds {
        DeskIds::Payme {
            merchant_id: self.merchant_id.clone(),
            terms: PaymeTerms {
                login: self.login.clone(),
                account_field: self.account_field.clone(),
                sends_detail: self.detail,
            },
        }
    }
}

impl AddClick {
    fn ids(&self) -> DeskIds {
        DeskIds::Click {
            service_id: self.service_id.clone(),
            terms: ClickTerms {
                merchant_id: self.merchant_id.clone(),
                merchant_user_id: self.merchant_user_id.clone(),
            },
        }
    }
}

fn add(context: &Context, place: &Place, ids: DeskIds) -> anyhow::Result<()> {
    let (provider, name) = (ids.provider(), ids.desk().to_owned());
    let store_id = place.whose.store.map(StoreId::new);
    let command = AddDesk {
        store_id,
        environment: place.environment,
        ids,
        secret: DeskSecret::new(secret::read("Secret")?),
    };
    let id = done(desks::add(context, command))?;
    let of = whose(store_id);
    say(&format!("Desk {id} made: {name} at {provider}, of {of}"))?;
    Ok(())
}

fn rotate(context: &Context, wish: &Rotate) -> anyhow::Result<()> {
    let id = wish.which.id();
    let (rotation, told) = if wish.end.drop_previous {
        (Rotation::DropPrevious, "takes its live secret alone")
    } else if wish.end.undo {
        (Rotation::Undo, "takes its previous secret alone")
    } else {
        let secret = DeskSecret::new(secret::read("New secret")?);
        (
            Rotation::To(secret),
            "takes the new secret, and the previous one until --drop-previous",
        )
    };
    done(desks::rotate(context, id, rotation))?;
    say(&format!("Desk {id} {told}"))?;
    Ok(())
}

fn switch(context: &Context, which: Which, (switch, told): (Switch, &str)) -> anyhow::Result<()> {
    let id = which.id();
    done(desks::switch(context, id, switch))?;
    say(&format!("Desk {id} {told}"))?;
    Ok(())
}

fn list(context: &Context) -> anyhow::Result<()> {
    let desks = desks::list(context)?;
    let head = ["ID", "PROVIDER", "ENVIRONMENT", "STORE", "DESK", "PREVIOUS", "STATE"].map(str::to_owned);
    let rows: Vec<_> = std::iter::once(head).chain(desks.iter().map(columns)).collect();
    let width = |column: usize| {
        let lengths = rows.iter().filter_map(|row| row.get(column).map(String::len));
        lengths.max().unwrap_or_default()
    };
    for row in &rows {
        let padded = row
            .iter()
            .enumerate()
            .map(|(column, text)| format!("{text:<0$}", width(column)));
        say(padded.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

fn columns(desk: &DeskSeen) -> [String; 7] {
    [
        desk.id.map_or_else(|| "config".to_owned(), |id| id.to_string()),
        desk.provider.to_string(),
        desk.environment.to_string(),
        desk.store_id.map_or_else(|| "default".to_owned(), |id| id.to_string()),
        desk.desk.clone(),
        if desk.has_previous { "taken too" } else { "-" }.to_owned(),
        standing(desk.standing),
    ]
}

fn standing(standing: DeskStanding) -> String {
    match standing {
        DeskStanding::On => "on".to_owned(),
        DeskStanding::Off => "off".to_owned(),
        DeskStanding::OtherEnvironment => "off: payments.environment is the other".to_owned(),
        DeskStanding::Unreadable => "off: cannot be read with this SECRET_KEY".to_owned(),
        DeskStanding::Replaced(id) => format!("off: desk {id} stands in its place"),
        DeskStanding::Collides(id) => format!("off: shares an id or a secret with desk {id}"),
    }
}

fn whose(store_id: Option<StoreId>) -> String {
    store_id.map_or_else(|| "every store without its own".to_owned(), |id| format!("store {id}"))
}

fn done<T, Refusal: fmt::Display>(outcome: savdo_services::Result<Result<T, Refusal>>) -> anyhow::Result<T> {
    match outcome? {
        Ok(done) => Ok(done),
        Err(refusal) => bail!("{refusal}"),
    }
}

fn amount(text: &str) -> Result<Money, String> {
    Money::parse(text).map_err(|_| "it is an amount of so'm, such as 15000.00".to_owned())
}

fn environment(text: &str) -> Result<Environment, String> {
    Environment::from_code(text).ok_or_else(|| "it is \"production\" or \"test\"".to_owned())
}
