//! Words that the tests of this package share.

use std::sync::atomic::{AtomicU32, Ordering};

use savdo_domain::access::{Actor, Role};
use savdo_domain::cart::CartPart;
use savdo_domain::ids::{OrderId, PrescriptionId};
use savdo_domain::order::PaymentMethod;
use savdo_persistence::testing::TestDatabase;
use savdo_services::carts::{self, AddToCart};
use savdo_services::files::Upload;
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, CancelOrder, OrderSeen, PlaceOrder};
use savdo_services::prescriptions::{self, PrescriptionSeen, RejectPrescription, SubmitPrescription};
use savdo_services::testing::{Goods, Shop, World, money, picture, receipt, refusal};
use savdo_services::{Context, Result};

/// An open pharmacy, somebody who judges there, and a customer.
pub(crate) struct Pharmacy {
    pub(crate) world: World,
    pub(crate) shop: Shop,
    pub(crate) operator: Actor,
    pub(crate) customer: Actor,
}

impl Pharmacy {
    pub(crate) fn on(database: TestDatabase) -> Self {
        Self::of(World::on(database))
    }

    pub(crate) fn of(world: World) -> Self {
        let shop = world.shop();
        world.open_online(&shop);
        let operator = world.hire(&shop, Role::Operator);
        let customer = world.customer();
        Self {
            world,
            shop,
            operator,
            customer,
        }
    }

    pub(crate) fn context(&self) -> &Context {
        &self.world.context
    }

    /// An order of the customer for one medicine, on prescription or not.
    pub(crate) fn order(&self, payment_method: PaymentMethod, needs_prescription: bool) -> OrderId {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let goods = Goods {
            needs_prescription,
            ..Goods::named(&format!("Dori {}", NEXT.fetch_add(1, Ordering::SeqCst))).at(money("12000.00"))
        };
        let product_id = self.world.online_product(&self.shop, goods);
        self.world
            .receive(&self.shop, receipt(&self.shop, product_id, "10", "8000.00"));
        carts::add(
            self.context(),
            &self.customer,
            AddToCart { product_id, pieces: 2 },
            &Unkeyed,
        )
        .unwrap();
        let command = PlaceOrder {
            delivery_address: "Toshkent, Navoiy 1".to_owned(),
            comment: String::new(),
            payment_method,
            expected_total: None,
            part: CartPart::All,
        };
        orders::place(self.context(), &self.customer, command, &Unkeyed)
            .unwrap()
            .order
            .id
    }

    /// One on prescription, to be paid online.
    pub(crate) fn waiting(&self) -> OrderId {
        self.order(PaymentMethod::Online, true)
    }

    pub(crate) fn submit(&self, order_id: OrderId, images: Vec<Upload>) -> Result<PrescriptionSeen> {
        self.submit_by(&self.customer, order_id, images)
    }

    pub(crate) fn submit_by(&self, actor: &Actor, order_id: OrderId, images: Vec<Upload>) -> Result<PrescriptionSeen> {
        prescriptions::submit(
            self.context(),
            actor,
            SubmitPrescription {
                order_id: Some(order_id),
                images,
            },
            &Unkeyed,
        )
    }

    /// A prescription for no order.
    pub(crate) fn submit_alone(&self, images: Vec<Upload>) -> Result<PrescriptionSeen> {
        let command = SubmitPrescription { order_id: None, images };
        prescriptions::submit(self.context(), &self.customer, command, &Unkeyed)
    }

    /// A prescription of one picture.
    pub(crate) fn submitted(&self, order_id: OrderId) -> PrescriptionSeen {
        self.submit(order_id, vec![picture(1)]).unwrap()
    }

    pub(crate) fn approve(&self, actor: &Actor, id: PrescriptionId) -> Result<PrescriptionSeen> {
        prescriptions::approve(self.context(), actor, id, &Unkeyed)
    }

    pub(crate) fn reject(&self, actor: &Actor, id: PrescriptionId) -> Result<PrescriptionSeen> {
        let reason = "Muhr ko'rinmaydi".to_owned();
        prescriptions::reject(self.context(), actor, RejectPrescription { id, reason }, &Unkeyed)
    }

    pub(crate) fn cancel(&self, order_id: OrderId) -> Result<OrderSeen> {
        let reason = String::new();
        orders::cancel(
            self.context(),
            &self.customer,
            CancelOrder { order_id, reason },
            &Unkeyed,
        )
    }

    pub(crate) fn seen(&self, order_id: OrderId) -> OrderSeen {
        orders::view(self.context(), &self.customer, order_id).unwrap()
    }

    /// Every prescription: status, reviewer or none, reason.
    pub(crate) fn standings(&self) -> Vec<String> {
        self.world.database.lines(
            "SELECT status || ' ' || CASE WHEN reviewed_by IS NULL THEN '-' ELSE 'reviewed' END || ' ' || rejection_reason AS line \
             FROM prescriptions ORDER BY id",
        )
    }

    /// Every order as it stands.
    pub(crate) fn orders(&self) -> Vec<String> {
        let lines = "SELECT status || ' ' || payment_status AS line FROM orders ORDER BY id";
        self.world.database.lines(lines)
    }

    /// What the audit log says of prescriptions and their pictures.
    pub(crate) fn traces(&self) -> Vec<String> {
        self.world.database.lines(
            "SELECT action || ' ' || subject_type || ' ' || subject_id AS line FROM audit_entries \
             WHERE subject_type LIKE 'prescription%' ORDER BY id",
        )
    }

    /// The files that lie there.
    pub(crate) fn files(&self) -> usize {
        self.context().stored_files().len()
    }
}

/// The code of a refusal; `fields` for field errors.
pub(crate) fn code<T>(result: Result<T>) -> &'static str {
    refusal(result).code().unwrap_or("fields")
}
