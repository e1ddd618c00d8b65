//! Who works in the chain, who buys, and where.

use anyhow::Context as _;

use savdo_domain::access::{Actor, Origin, Role, display_name};
use savdo_domain::ids::{LocationId, UserId, WorkerId};
use savdo_domain::settings::SettingsPatch;
use savdo_domain::text;
use savdo_services::accounts::{
    self, AddCustomer, CreateAdmin, Door, Login, Register, StaffAccount, add_customer, authenticate, create_admin,
};
use savdo_services::audit::Author;
use savdo_services::branches::{self, CreateBranch};
use savdo_services::once::Unkeyed;
use savdo_services::workers::{self, HireWorker};
use savdo_services::{Context, settings};

use super::{PASSWORD, STORE};

/// A staff account: user name, phone, first and last name.
pub(super) type Staff = (&'static str, &'static str, &'static str, &'static str);

pub(super) const OWNER: Staff = ("egasi", "+998901000001", "Dilshod", "Karimov");
pub(super) const MANAGER: Staff = ("mudir", "+998901000002", "Malika", "Yusupova");
pub(super) const SELLER: Staff = ("sotuvchi", "+998901000003", "Aziza", "Rahimova");
pub(super) const OPERATOR: Staff = ("operator", "+998901000004", "Jasur", "Tursunov");
pub(super) const ADMIN: Staff = ("admin", "+998901000005", "Bobur", "Aliyev");
pub(super) const COURIER: Staff = ("kuryer", "+998901000006", "Otabek", "Nazarov");
/// Phone, first and last name.
pub(super) const CUSTOMERS: [(&str, &str, &str); 3] = [
    ("+998907000001", "Nodira", "Saidova"),
    ("+998907000002", "Sardor", "Umarov"),
    ("+998907000003", "Gulnora", "Qodirova"),
];

/// Those who act in the demo, and the branches.
pub(super) struct People {
    pub(super) owner: Actor,
    pub(super) manager: Actor,
    pub(super) seller: Actor,
    pub(super) operator: Actor,
    pub(super) courier: Actor,
    pub(super) customers: Vec<Actor>,
    /// The seller's branch, which serves the online orders.
    pub(super) center: LocationId,
    /// The manager's branch.
    pub(super) north: LocationId,
}

/// Opens the store with its branches, online too, and gathers everybody.
pub(super) fn hire(context: &Context) -> anyhow::Result<People> {
    let register = Register {
        account: account(OWNER),
        password2: PASSWORD.to_owned(),
        store_name: Some(STORE.to_owned()),
    };
    let signed_in = accounts::register(context, &origin(), register)?;
    let owner = authenticate(context, &signed_in.tokens.access, origin())?;
    let center = open(
        context,
        &owner,
        "Chilonzor filiali",
        "Toshkent, Bunyodkor shoh ko'chasi 12",
    )?;
    let north = open(
        context,
        &owner,
        "Yunusobod filiali",
        "Toshkent, Amir Temur shoh ko'chasi 107",
    )?;
    open_online(context, &owner, center)?;

    create_admin(
        context,
        CreateAdmin {
            account: account(ADMIN),
        },
    )?;
    let manager = employ(context, &owner, MANAGER, Role::Manager, north)?;
    let seller = employ(context, &owner, SELLER, Role::Seller, center)?;
    let operator = employ(context, &owner, OPERATOR, Role::Operator, center)?;
    let courier = employ(context, &owner, COURIER, Role::Courier, center)?;
    let customers = CUSTOMERS.map(|customer| welcome(context, customer));
    Ok(People {
        owner,
        manager,
        seller,
        operator,
        courier,
        customers: customers.into_iter().collect::<Result<_, _>>()?,
        center,
        north,
    })
}

/// The owner of another store, made with it.
pub(super) fn neighbour(context: &Context, number: usize) -> anyhow::Result<Actor> {
    let register = Register {
        account: StaffAccount {
            username: format!("qoshni{number}"),
            password: PASSWORD.to_owned(),
            phone1: format!("+99890200{number:04}"),
            first_name: "Qo'shni".to_owned(),
            ..StaffAccount::default()
        },
        password2: PASSWORD.to_owned(),
        store_name: Some(format!("Qo'shni do'kon {number}")),
    };
    // As many register here within a minute as one address may not.
    let origin = Origin {
        ip: format!("127.0.1.{number}"),
        ..origin()
    };
    let signed_in = accounts::register(context, &origin, register)?;
    Ok(authenticate(context, &signed_in.tokens.access, origin)?)
}

/// The branch of the many sellers.
pub(super) const SHOP: &str = "Sergeli savdo markazi";
/// What the user names of the many sellers and couriers begin with, and the phones of the many customers; numbers follow.
pub(super) const SELLERS: &str = "sotuvchi";
pub(super) const COURIERS: &str = "kuryer";
pub(super) const BUYERS: &str = "+9989080";

/// Somebody who works in the chain.
pub(super) struct Member {
    pub(super) worker_id: WorkerId,
    pub(super) user_id: UserId,
    pub(super) author: Author,
    pub(super) name: String,
}

/// One of the many customers.
pub(super) struct Buyer {
    pub(super) user_id: UserId,
    pub(super) author: Author,
    /// What an order of his is found by.
    pub(super) search: String,
}

impl Member {
    /// Somebody who is signed in.
    pub(super) fn of(actor: &Actor) -> anyhow::Result<Self> {
        let worker = actor.worker.as_ref().context("works nowhere")?;
        Ok(Self {
            worker_id: worker.id,
            user_id: actor.user_id,
            author: Author::from(actor),
            name: actor.name.clone(),
        })
    }
}

/// The branch of the many sellers.
pub(super) fn open_shop(context: &Context, owner: &Actor) -> anyhow::Result<LocationId> {
    open(context, owner, SHOP, "Toshkent, Yangi Sergeli ko'chasi 40")
}

/// One of the many sellers or couriers.
pub(super) fn join(
    context: &Context,
    owner: &Actor,
    (role, prefix, phone): (Role, &str, &str),
    branch: LocationId,
    number: usize,
) -> anyhow::Result<Member> {
    let command = HireWorker {
        account: StaffAccount {
            username: format!("{prefix}{number}"),
            password: PASSWORD.to_owned(),
            phone1: format!("{phone}{number:05}"),
            first_name: role.label().to_owned(),
            last_name: number.to_string(),
            ..StaffAccount::default()
        },
        role,
        branch: Some(branch),
        salary: None,
        sections: None,
    };
    let staff = workers::hire(context, owner, command, &Unkeyed)?;
    let name = format!("{} {number}", role.label());
    Ok(Member {
        worker_id: staff.post.worker_id,
        user_id: staff.user_id,
        author: author(staff.user_id, &name, Some(role)),
        name,
    })
}

/// One of the many customers.
pub(super) fn buyer(context: &Context, number: usize) -> anyhow::Result<Buyer> {
    let (phone, first_name, last_name) = (format!("{BUYERS}{number:05}"), "Xaridor", number.to_string());
    let user_id = add(context, (&phone, first_name, &last_name))?;
    Ok(Buyer {
        user_id,
        author: author(user_id, &format!("{first_name} {last_name}"), None),
        search: text::search_text(&[&phone, first_name, &last_name]),
    })
}

fn author(user_id: UserId, name: &str, role: Option<Role>) -> Author {
    Author {
        user_id: Some(user_id),
        name: display_name(name, false, role),
        origin: origin(),
    }
}

fn open(context: &Context, owner: &Actor, name: &str, address: &str) -> anyhow::Result<LocationId> {
    let command = CreateBranch {
        name: name.to_owned(),
        address: address.to_owned(),
        phone: "+998712000000".to_owned(),
    };
    Ok(branches::create(context, owner, command, &Unkeyed)?.branch.id)
}

fn open_online(context: &Context, owner: &Actor, branch: LocationId) -> anyhow::Result<()> {
    let patch = SettingsPatch {
        online_enabled: Some(true),
        online_location: Some(Some(branch)),
        ..SettingsPatch::default()
    };
    change_settings(context, owner, patch)
}

/// Changes the settings of the owner's store.
pub(super) fn change_settings(context: &Context, owner: &Actor, patch: SettingsPatch) -> anyhow::Result<()> {
    let store_id = owner.permit(savdo_domain::access::Permission::ChangeSettings);
    let store_id = store_id.map_err(savdo_services::Error::from)?.store_id();
    settings::change(context, owner, store_id, patch)?;
    Ok(())
}

fn employ(context: &Context, owner: &Actor, staff: Staff, role: Role, branch: LocationId) -> anyhow::Result<Actor> {
    let command = HireWorker {
        account: account(staff),
        role,
        branch: Some(branch),
        salary: None,
        sections: None,
    };
    workers::hire(context, owner, command, &Unkeyed)?;
    sign_in(context, staff.0, Door::Shop)
}

fn welcome(context: &Context, customer: (&str, &str, &str)) -> anyhow::Result<Actor> {
    add(context, customer)?;
    sign_in(context, customer.0, Door::Pharmacy)
}

fn add(context: &Context, (phone, first_name, last_name): (&str, &str, &str)) -> anyhow::Result<UserId> {
    let command = AddCustomer {
        phone: phone.to_owned(),
        password: PASSWORD.to_owned(),
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
    };
    Ok(add_customer(context, command)?)
}

fn sign_in(context: &Context, name: &str, door: Door) -> anyhow::Result<Actor> {
    let login = Login {
        name: name.to_owned(),
        password: PASSWORD.to_owned(),
        door,
    };
    let signed_in = accounts::login(context, &origin(), login)?;
    Ok(authenticate(context, &signed_in.tokens.access, origin())?)
}

fn account((username, phone, first_name, last_name): Staff) -> StaffAccount {
    StaffAccount {
        username: username.to_owned(),
        password: PASSWORD.to_owned(),
        phone1: phone.to_owned(),
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        ..StaffAccount::default()
    }
}

fn origin() -> Origin {
    Origin {
        ip: "127.0.0.1".to_owned(),
        user_agent: "savdo demo".to_owned(),
        request_id: "demo".to_owned(),
    }
}
