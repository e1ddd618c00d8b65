//! Sealing the audit log: a hash chain over its entries, for each store and for what no store sees.
//!
//! Entries are written by requests and sealed shortly after by the worker, in batches, so that no request waits for another. A seal
//! hashes the seal before it and every field of every entry it covers; beside its hash it keeps a few bytes of each entry's own, by
//! which the entry is named that was edited, removed or put in. Whoever can write the whole database can write a whole new chain: keep
//! a copy of the last hashes elsewhere.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use savdo_domain::ids::StoreId;
use savdo_persistence::audit::{self, AuditEntryView, Horizon, SealView};
use savdo_persistence::{Reader, Tx};
use sha2::{Digest, Sha256};

use crate::verify::Difference;
use crate::{Context, Result};

/// How many entries are sealed in one transaction.
const BATCH: i64 = 2_000;
/// How many seals are checked at a time.
const SEALS: i64 = 100;
/// What the first seal of a chain names as the one before it.
const NOTHING_BEFORE: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// How much of an entry's hash stands in the seal, in bytes.
const SHORT: usize = 8;

/// Seals what is final of the log. `seen` is how far it went at the last look, and is kept for the next one where younger entries
/// are not final yet.
///
/// # Errors
/// A failed statement.
pub(crate) fn seal_log(context: &Context, seen: &mut Option<Horizon>) -> Result<()> {
    let database = context.database();
    let newest = database.read("audit_horizon", audit::horizon_unscoped)?;
    for horizon in [Some(newest), *seen].into_iter().flatten() {
        if database.read("audit_is_settled", |reader| audit::is_settled(reader, horizon))? {
            *seen = None;
            return seal_up_to(context, horizon.last_id);
        }
    }
    // Nothing that was ever seen is final: the older look becomes so first.
    seen.get_or_insert(newest);
    Ok(())
}

/// Seals all of the log at once, for who filled an installation that nobody uses yet: the worker would take its time.
///
/// # Errors
/// A failed statement.
pub fn seal_all(context: &Context) -> Result<()> {
    seal_log(context, &mut None)
}

fn seal_up_to(context: &Context, last_id: i64) -> Result<()> {
    loop {
        let now = context.now();
        let sealed = context
            .database()
            .write("audit_seal", move |tx| seal_batch(tx, last_id, now));
        if sealed? == 0 {
            return Ok(());
        }
    }
}

/// One after the other of those whose leases overlap: the second begins where the first ended.
fn seal_batch(tx: &mut Tx<'_>, up_to: i64, now: DateTime<Utc>) -> Result<usize> {
    audit::lock_seals(tx)?;
    let after = audit::last_sealed_unscoped(tx)?;
    let entries = audit::entries_unscoped(tx, (after, up_to), BATCH)?;
    let sealed = entries.len();
    let mut chains: BTreeMap<Option<StoreId>, Vec<AuditEntryView>> = BTreeMap::new();
    for entry in entries {
        chains.entry(entry.store_id).or_default().push(entry);
    }
    for (store_id, entries) in chains {
        let previous = audit::latest_hash(tx, store_id)?;
        let previous = previous.unwrap_or_else(|| NOTHING_BEFORE.to_owned());
        if let Some(seal) = seal_of(store_id, previous, &entries, now) {
            audit::insert_seal(tx, &seal)?;
        }
    }
    Ok(sealed)
}

fn seal_of(
    store_id: Option<StoreId>,
    previous_hash: String,
    entries: &[AuditEntryView],
    now: DateTime<Utc>,
) -> Option<SealView> {
    let (first, last) = (entries.first()?, entries.last()?);
    let mut seal = SealView {
        id: 0,
        store_id,
        first_id: first.id.get(),
        last_id: last.id.get(),
        row_count: i64::try_from(entries.len()).ok()?,
        previous_hash,
        hash: String::new(),
        digests: short_digests(entries),
        created_at: now,
    };
    seal.hash = hash_of(&seal, entries);
    Some(seal)
}

/// What of the log is not as it was sealed; everything is read in the snapshot of the caller.
///
/// # Errors
/// A failed statement.
pub(crate) fn broken_seals(reader: &mut Reader<'_>) -> Result<Vec<Difference>> {
    let last_sealed = audit::last_sealed_unscoped(reader)?;
    let mut differences = Vec::new();
    for store_id in audit::chains_unscoped(reader)? {
        check_chain(reader, store_id, last_sealed, &mut differences)?;
    }
    Ok(differences)
}

fn check_chain(
    reader: &mut Reader<'_>,
    store_id: Option<StoreId>,
    last_sealed: i64,
    differences: &mut Vec<Difference>,
) -> Result<()> {
    let (mut after, mut previous, mut covered_to) = (0, NOTHING_BEFORE.to_owned(), 0);
    loop {
        let seals = audit::chain(reader, store_id, after, SEALS)?;
        let Some(last) = seals.last() else { break };
        after = last.id;
        for seal in seals {
            let entries = audit::covered(reader, store_id, (covered_to, seal.last_id))?;
            differences.extend(check_seal(&seal, &previous, &entries));
            covered_to = seal.last_id.max(covered_to);
            previous = seal.hash;
        }
    }
    // Whatever is older than the last seal of all was sealed, so this was put in afterwards.
    for entry in audit::covered(reader, store_id, (covered_to, last_sealed))? {
        differences.push(added(entry.id.get(), &short_digest(&entry)));
    }
    Ok(())
}

fn check_seal(seal: &SealView, previous: &str, entries: &[AuditEntryView]) -> Vec<Difference> {
    let mut differences = Vec::new();
    if seal.previous_hash != previous {
        differences.push(Difference {
            table: "audit_seals",
            id: seal.id,
            rule: "it names the seal before it",
            expected: previous.to_owned(),
            found: seal.previous_hash.clone(),
        });
    }
    let found: BTreeMap<i64, String> = entries
        .iter()
        .map(|entry| (entry.id.get(), short_digest(entry)))
        .collect();
    let sealed: BTreeMap<i64, &str> = parse(&seal.digests);
    let mut of_entries: Vec<Difference> = sealed
        .iter()
        .filter_map(|(id, digest)| changed(*id, digest, found.get(id).map(String::as_str)))
        .collect();
    let new = found.iter().filter(|(id, _)| !sealed.contains_key(id));
    of_entries.extend(new.map(|(id, digest)| added(*id, digest)));
    let hash = hash_of(seal, entries);
    // An entry that differs makes the seal differ too, which says nothing new.
    if of_entries.is_empty() && (hash != seal.hash || short_digests(entries) != seal.digests) {
        differences.push(Difference {
            table: "audit_seals",
            id: seal.id,
            rule: "it is as it was made",
            expected: hash,
            found: seal.hash.clone(),
        });
    }
    differences.extend(of_entries);
    differences
}

fn changed(id: i64, sealed: &str, found: Option<&str>) -> Option<Difference> {
    let rule = match found {
        Some(found) if found == sealed => return None,
        Some(_) => "a sealed entry is as it was",
        None => "a sealed entry is still there",
    };
    Some(Difference {
        table: "audit_entries",
        id,
        rule,
        expected: sealed.to_owned(),
        found: found.unwrap_or("nothing").to_owned(),
    })
}

fn added(id: i64, found: &str) -> Difference {
    Difference {
        table: "audit_entries",
        id,
        rule: "nothing is put in among sealed entries",
        expected: "nothing".to_owned(),
        found: found.to_owned(),
    }
}

/// The hash over a seal and all that it covers.
fn hash_of(seal: &SealView, entries: &[AuditEntryView]) -> String {
    let mut hash = Fields::new("savdo audit seal v1");
    hash.number(seal.store_id.map(StoreId::get));
    for number in [
        seal.first_id,
        seal.last_id,
        seal.row_count,
        seal.created_at.timestamp_micros(),
    ] {
        hash.number(Some(number));
    }
    hash.text(&seal.previous_hash);
    for entry in entries {
        hash.0.update(digest(entry));
    }
    hex(&hash.0.finalize())
}

/// The hash over every field of an entry, none of which can run into the next.
fn digest(entry: &AuditEntryView) -> [u8; 32] {
    let AuditEntryView {
        id,
        store_id,
        actor_id,
        actor_name,
        action,
        subject_type,
        subject_id,
        description,
        details,
        ip,
        user_agent,
        request_id,
        created_at,
    } = entry;
    let mut hash = Fields::new("savdo audit entry v1");
    hash.number(Some(id.get()));
    hash.number(store_id.map(StoreId::get));
    hash.number(actor_id.map(savdo_domain::ids::UserId::get));
    hash.number(Some(*subject_id));
    hash.number(Some(created_at.timestamp_micros()));
    for text in [
        actor_name,
        action,
        subject_type,
        description,
        details,
        ip,
        user_agent,
        request_id,
    ] {
        hash.text(text);
    }
    hash.0.finalize().into()
}

struct Fields(Sha256);

impl Fields {
    fn new(what: &str) -> Self {
        let mut fields = Self(Sha256::new());
        fields.text(what);
        fields
    }

    fn number(&mut self, number: Option<i64>) {
        self.0.update([u8::from(number.is_some())]);
        self.0.update(number.unwrap_or_default().to_be_bytes());
    }

    fn text(&mut self, text: &str) {
        self.0
            .update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.0.update(text.as_bytes());
    }
}

fn short_digest(entry: &AuditEntryView) -> String {
    let digest = digest(entry);
    let short = digest.first_chunk::<SHORT>().map(<[u8; SHORT]>::as_slice);
    hex(short.unwrap_or_default())
}

/// `17:0123456789abcdef,18:..`.
fn short_digests(entries: &[AuditEntryView]) -> String {
    let parts: Vec<String> = entries
        .iter()
        .map(|entry| format!("{}:{}", entry.id, short_digest(entry)))
        .collect();
    parts.join(",")
}

fn parse(digests: &str) -> BTreeMap<i64, &str> {
    let parts = digests.split(',').filter_map(|part| part.split_once(':'));
    parts
        .filter_map(|(id, digest)| Some((id.parse().ok()?, digest)))
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
