//! Sections of the shop: what a worker sees, by his role and by what was added or removed for him alone.
//!
//! A worker's own changes are kept apart from the role, so that a change of role keeps them where they still mean something:
//! `added` lies outside the role's set, `removed` inside it, and the two never overlap. An owner has no changes.

use std::collections::BTreeSet;

use crate::access::Role;
use crate::coded::Coded;
use crate::coded_enum;

coded_enum! {
    /// A section of the shop, in the order of the codes.
    pub enum Section {
        /// The dashboard.
        Dashboard = "boshqaruv",
        /// Stores and branches.
        Stores = "dokonlar",
        /// Products and categories.
        Catalogue = "mahsulotlar",
        /// Customers of the counter.
        Customers = "mijozlar",
        /// Stock and what moves it.
        Stock = "ombor" | "sklad",
        /// Past sales.
        Sales = "savdolar",
        /// Selling at the counter.
        Counter = "sotuv",
        /// Settings of the store.
        Settings = "sozlamalar",
        /// Expenses.
        Expenses = "xarajatlar",
        /// Workers.
        Workers = "xodimlar",
    }
}

impl Role {
    /// The sections that the role has by itself.
    #[must_use]
    pub fn sections(self) -> BTreeSet<Section> {
        let all = Section::ALL.iter().copied();
        match self {
            Self::Owner => all.collect(),
            Self::Manager => all.filter(|section| *section != Section::Settings).collect(),
            Self::Seller => [
                Section::Counter,
                Section::Sales,
                Section::Customers,
                Section::Stock,
                Section::Catalogue,
            ]
            .into(),
            Self::Operator => [Section::Catalogue, Section::Customers, Section::Sales].into(),
            Self::Courier => BTreeSet::new(),
        }
    }
}

/// What one worker has beyond his role, and what he lacks of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SectionChanges {
    added: BTreeSet<Section>,
    removed: BTreeSet<Section>,
}

impl SectionChanges {
    /// The changes as they mean something for `role`: pointless ones are dropped, all of them for an owner.
    #[must_use]
    pub fn for_role(role: Role, added: &BTreeSet<Section>, removed: &BTreeSet<Section>) -> Self {
        if role == Role::Owner {
            return Self::default();
        }
        let own = role.sections();
        Self {
            added: added - &own,
            removed: removed & &own,
        }
    }

    /// The changes that give `role` exactly the sections `wanted`; an owner keeps all.
    #[must_use]
    pub fn wanted(role: Role, wanted: &BTreeSet<Section>) -> Self {
        let lacking = &role.sections() - wanted;
        Self::for_role(role, wanted, &lacking)
    }

    /// The sections that a worker of `role` has with these changes, in the order of their codes.
    #[must_use]
    pub fn effective(&self, role: Role) -> BTreeSet<Section> {
        if role == Role::Owner {
            return role.sections();
        }
        &(&role.sections() | &self.added) - &self.removed
    }

    /// The sections beyond the role.
    #[must_use]
    pub const fn added(&self) -> &BTreeSet<Section> {
        &self.added
    }

    /// The sections of the role that were taken away.
    #[must_use]
    pub const fn removed(&self) -> &BTreeSet<Section> {
        &self.removed
    }
}

/// Reads a stored list of codes between commas; `None` when one of them is no section.
#[must_use]
pub fn parse_sections(list: &str) -> Option<BTreeSet<Section>> {
    list.split(',')
        .filter(|code| !code.is_empty())
        .map(Section::from_code)
        .collect()
}

/// Writes sections as they are stored: codes in order, between commas.
#[must_use]
pub fn format_sections(sections: &BTreeSet<Section>) -> String {
    sections
        .iter()
        .map(|section| section.code())
        .collect::<Vec<_>>()
        .join(",")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};
    use proptest::sample::{select, subsequence};

    use super::{Section, SectionChanges, format_sections, parse_sections};
    use crate::access::Role;
    use crate::coded::Coded;

    fn sections(list: &str) -> BTreeSet<Section> {
        parse_sections(list).unwrap()
    }

    fn any_sections() -> impl Strategy<Value = BTreeSet<Section>> {
        subsequence(Section::ALL, 0..=Section::ALL.len()).prop_map(|sections| sections.into_iter().collect())
    }

    #[test]
    fn each_role_has_its_own_sections() {
        let table: Vec<_> = Role::ALL
            .iter()
            .map(|role| (role.code(), format_sections(&role.sections())))
            .collect();

        let all = "boshqaruv,dokonlar,mahsulotlar,mijozlar,ombor,savdolar,sotuv,sozlamalar,xarajatlar,xodimlar";
        let expected = [
            ("owner", all),
            (
                "manager",
                "boshqaruv,dokonlar,mahsulotlar,mijozlar,ombor,savdolar,sotuv,xarajatlar,xodimlar",
            ),
            ("seller", "mahsulotlar,mijozlar,ombor,savdolar,sotuv"),
            ("operator", "mahsulotlar,mijozlar,savdolar"),
            ("courier", ""),
        ];
        assert_eq!(table, expected.map(|(role, sections)| (role, sections.to_owned())));
    }

    #[test]
    fn sections_are_declared_in_the_order_of_their_codes() {
        assert!(Section::ALL.iter().map(|section| section.code()).is_sorted());
    }

    #[test]
    fn the_older_name_of_the_stock_section_is_read() {
        assert_eq!(Section::from_input("sklad"), Some(Section::Stock));
        assert_eq!(Section::from_input("ombor"), Some(Section::Stock));
        assert_eq!(parse_sections("sklad"), None);
    }

    #[test]
    fn a_seller_with_other_sections_made_manager_keeps_what_still_counts() {
        let seller = SectionChanges::wanted(Role::Seller, &sections("sotuv,xarajatlar"));

        let manager = SectionChanges::for_role(Role::Manager, seller.added(), seller.removed());

        assert_eq!(format_sections(seller.added()), "xarajatlar");
        assert_eq!(format_sections(seller.removed()), "mahsulotlar,mijozlar,ombor,savdolar");
        assert_eq!(format_sections(manager.added()), "");
        assert_eq!(manager.removed(), seller.removed());
        let effective = format_sections(&manager.effective(Role::Manager));
        assert_eq!(effective, "boshqaruv,dokonlar,sotuv,xarajatlar,xodimlar");
    }

    #[test]
    fn nothing_is_ever_taken_from_an_owner() {
        let owner = SectionChanges::wanted(Role::Owner, &sections("sotuv"));

        assert_eq!(owner, SectionChanges::default());
        assert_eq!(owner.effective(Role::Owner), Role::Owner.sections());
    }

    proptest! {
        // Law: whoever is not an owner gets exactly the sections wanted, and the changes stay normal.
        #[test]
        fn wanted_sections_are_the_effective_ones(
            role in select(vec![Role::Manager, Role::Seller, Role::Operator, Role::Courier]),
            wanted in any_sections(),
        ) {
            let changes = SectionChanges::wanted(role, &wanted);

            prop_assert_eq!(changes.effective(role), wanted);
            prop_assert!(changes.added().is_disjoint(&role.sections()));
            prop_assert!(changes.removed().is_subset(&role.sections()));
        }

        // Law: normalising for the same role twice is normalising once, and never changes what is effective.
        #[test]
        fn normal_changes_stay_as_they_are(role in select(Role::ALL), added in any_sections(), removed in any_sections()) {
            let once = SectionChanges::for_role(role, &added, &removed);
            let twice = SectionChanges::for_role(role, once.added(), once.removed());

            prop_assert_eq!(&twice, &once);
            prop_assert_eq!(parse_sections(&format_sections(once.added())), Some(once.added().clone()));
        }
    }
}
