//! The committed tables: medicines by their international non-proprietary names, and goods of the shop.

use anyhow::Context as _;
use savdo_domain::Money;
use savdo_domain::catalog::Unit;
use savdo_domain::coded::Coded;
use serde::Deserialize;
use serde::de::DeserializeOwned;

const MEDICINES: &str = include_str!("../../data/medicines.csv");
const GOODS: &str = include_str!("../../data/goods.csv");

/// A product to be put on the shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Article {
    pub(super) category: String,
    pub(super) name: String,
    pub(super) unit: Unit,
    pub(super) price: Money,
    /// Only a medicine has these: it goes online.
    pub(super) medicine: Option<Medicine>,
}

/// What is particular to a medicine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Medicine {
    /// What it acts by.
    pub(super) substance: String,
    pub(super) maker: String,
    pub(super) needs_prescription: bool,
}

#[derive(Deserialize)]
struct MedicineRecord {
    category: String,
    inn: String,
    form: String,
    strength: String,
    pack: String,
    maker: String,
    prescription: String,
    price: String,
}

#[derive(Deserialize)]
struct GoodsRecord {
    category: String,
    name: String,
    unit: String,
    price: String,
}

/// All articles, medicines first.
pub(super) fn articles() -> anyhow::Result<Vec<Article>> {
    let medicines = read::<MedicineRecord>(MEDICINES)?.into_iter().map(medicine);
    let goods = read::<GoodsRecord>(GOODS)?.into_iter().map(goods);
    medicines.chain(goods).collect()
}

fn read<T: DeserializeOwned>(table: &str) -> anyhow::Result<Vec<T>> {
    let records = csv::Reader::from_reader(table.as_bytes()).into_deserialize();
    records
        .collect::<Result<_, _>>()
        .context("a table of the demo cannot be read")
}

fn medicine(record: MedicineRecord) -> anyhow::Result<Article> {
    let MedicineRecord {
        category,
        inn,
        form,
        strength,
        pack,
        maker,
        prescription,
        price,
    } = record;
    let pack = match pack.as_str() {
        "1" => String::new(),
        count if count.bytes().all(|byte| byte.is_ascii_digit()) => format!(" №{count}"),
        volume => format!(" {volume}"),
    };
    Ok(Article {
        category,
        name: format!("{inn} {strength} {form}{pack}"),
        unit: Unit::Piece,
        price: money(&price)?,
        medicine: Some(Medicine {
            substance: inn,
            maker,
            needs_prescription: prescription == "yes",
        }),
    })
}

fn goods(record: GoodsRecord) -> anyhow::Result<Article> {
    let GoodsRecord {
        category,
        name,
        unit,
        price,
    } = record;
    Ok(Article {
        category,
        unit: Unit::from_code(&unit).with_context(|| format!("{unit:?} is no unit"))?,
        name,
        price: money(&price)?,
        medicine: None,
    })
}

fn money(text: &str) -> anyhow::Result<Money> {
    Money::parse(text).map_err(|problem| anyhow::anyhow!("{text:?} is no price: {problem:?}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::articles;

    #[test]
    fn the_tables_hold_enough_and_no_name_twice() {
        let articles = articles().unwrap();

        let medicines = articles.iter().filter(|article| article.medicine.is_some()).count();
        let names: BTreeSet<_> = articles.iter().map(|article| article.name.to_lowercase()).collect();
        assert!(medicines >= 200, "{medicines} medicines");
        assert!(articles.len() - medicines >= 60, "{} goods", articles.len() - medicines);
        assert_eq!(names.len(), articles.len());
    }

    #[test]
    fn a_medicine_is_called_by_name_strength_form_and_pack() {
        let articles = articles().unwrap();

        let names: Vec<&str> = articles.iter().take(3).map(|article| article.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "Paracetamol 500 mg tabletka №10",
                "Paracetamol 120 mg/5 ml sirop 100 ml",
                "Paracetamol 250 mg sham №10"
            ]
        );
    }
}
