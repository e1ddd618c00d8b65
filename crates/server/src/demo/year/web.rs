//! A day of online orders: most are brought within two hours, some are given up, and those of the last day are on their way.

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use savdo_domain::delivery::DeliveryStatus;
use savdo_domain::ids::DeliveryId;
use savdo_domain::order::{
    Checkout, CheckoutLine, HistorySource, OrderStatus, PaymentMethod, PaymentStatus, Placement, Transition,
    WaitingTimes,
};
use savdo_domain::stock::{IssuedPart, MovementReason};
use savdo_services::audit::Author;
use savdo_services::orders::{traces, why_expired};

use super::super::hour;
use super::super::people::{Buyer, Member};
use super::Course;
use super::book::take;
use super::stock::Ware;

const LINES_MAX: usize = 3;
/// From the first order of a day to the last.
const OPEN: TimeDelta = TimeDelta::hours(11);
const WAITS: WaitingTimes = WaitingTimes {
    payment_minutes: 30,
    prescription_hours: 24,
};

/// How far an order comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Prepared,
    Packed,
    Carried,
    Brought,
    /// Its buyer gives it up.
    GivenUp,
    /// It is not paid in time.
    Expired,
}

/// An order as it stands so far.
pub(super) struct Placed<'a> {
    pub(super) id: i64,
    pub(super) buyer: &'a Buyer,
    pub(super) method: PaymentMethod,
    pub(super) placement: Placement,
    pub(super) parts: Vec<IssuedPart>,
    pub(super) day: NaiveDate,
    pub(super) placed_at: DateTime<Utc>,
    pub(super) status: OrderStatus,
    pub(super) payment_status: PaymentStatus,
    pub(super) updated_at: DateTime<Utc>,
    /// Its delivery with its courier, since when.
    pub(super) delivery: Option<(i64, &'a Member, DateTime<Utc>)>,
    pub(super) cancel_reason: &'static str,
}

/// By whom and why an order moves.
pub(super) struct Cause<'a> {
    pub(super) author: &'a Author,
    pub(super) source: HistorySource,
    pub(super) comment: &'static str,
    pub(super) at: DateTime<Utc>,
}

impl Course<'_> {
    /// Orders so often on this day.
    pub(super) fn order_all_day(&mut self, day: NaiveDate, count: usize, is_last: bool) -> anyhow::Result<()> {
        let between = OPEN / i32::try_from(count.max(1))?;
        let mut at = hour(day, 9);
        for _ in 0..count {
            let fate = self.fate(is_last);
            self.order(day, at, fate)?;
            at += between;
        }
        Ok(())
    }

    fn fate(&mut self, is_last: bool) -> Fate {
        match (is_last, self.dice.below(100)) {
            (_, 0..10) => Fate::GivenUp,
            (_, 10..14) => Fate::Expired,
            (true, 14..60) => Fate::Prepared,
            (true, 60..80) => Fate::Packed,
            (true, _) => Fate::Carried,
            (false, _) => Fate::Brought,
        }
    }

    fn order(&mut self, day: NaiveDate, at: DateTime<Utc>, fate: Fate) -> anyhow::Result<()> {
        let method = match fate {
            Fate::Expired => PaymentMethod::Online,
            Fate::Prepared | Fate::Packed | Fate::Carried | Fate::Brought | Fate::GivenUp => PaymentMethod::Cash,
        };
        let plan = self.plan;
        let mut placed = self.place((day, at), method)?;
        let after = |minutes| at + TimeDelta::minutes(minutes);
        match fate {
            Fate::Prepared => {}
            Fate::GivenUp => {
                let cause = by_hand(&placed.buyer.author, "Kerak bo'lmay qoldi", after(12));
                self.step(&mut placed, OrderStatus::Cancelled, &cause)?;
            }
            Fate::Expired => {
                let cause = Cause {
                    source: HistorySource::Job,
                    ..by_hand(
                        &plan.system,
                        why_expired(placed.status),
                        after(WAITS.payment_minutes + 1),
                    )
                };
                self.step(&mut placed, OrderStatus::Cancelled, &cause)?;
            }
            Fate::Packed | Fate::Carried | Fate::Brought => {
                let packed = by_hand(&plan.operator, "", after(20));
                self.step(&mut placed, OrderStatus::ReadyForDelivery, &packed)?;
            }
        }
        if matches!(fate, Fate::Carried | Fate::Brought) {
            let courier = self.dice.pick(&plan.couriers).context("no courier")?;
            self.assign(&mut placed, courier, after(21));
            self.step(
                &mut placed,
                OrderStatus::OnTheWay,
                &by_hand(&courier.author, "", after(30)),
            )?;
            if fate == Fate::Brought {
                self.step(
                    &mut placed,
                    OrderStatus::Delivered,
                    &by_hand(&courier.author, "", after(65)),
                )?;
            }
        }
        self.write_order(&placed);
        Ok(())
    }
}

impl<'a> Course<'a> {
    fn place(&mut self, (day, at): (NaiveDate, DateTime<Utc>), method: PaymentMethod) -> anyhow::Result<Placed<'a>> {
        let plan = self.plan;
        let buyer = self.dice.pick(&plan.buyers).context("no customer")?;
        let count = 1 + self.dice.below(LINES_MAX);
        let wanted = self.pick(&plan.offered, count);
        let checkout = Checkout {
            lines: wanted
                .into_iter()
                .map(|ware| self.wish(ware))
                .collect::<anyhow::Result<_>>()?,
            payment_method: method,
            expected_total: None,
            is_store_open: true,
            takes_cash: true,
            waits: WAITS,
        };
        let placement = checkout
            .place(at)
            .map_err(|refusal| anyhow::anyhow!("no order: {refusal:?}"))?;
        let withdrawal = self.online.withdraw((day, at), &placement.demands())?;
        let withdrawal = withdrawal.context("too little lies where orders are served")?;
        let id = take(&mut self.book.next.orders);
        let document = self.document(id, (day, at), MovementReason::Order, &buyer.author);
        let parts = self.book.movements(&document, &withdrawal.movements);
        let mut placed = Placed {
            id,
            buyer,
            method,
            parts,
            day,
            placed_at: at,
            status: OrderStatus::Draft,
            payment_status: placement.payment_status,
            placement,
            updated_at: at,
            delivery: None,
            cancel_reason: "",
        };
        self.tell_placed(&placed);
        placed.status = placed.placement.status;
        Ok(placed)
    }

    fn wish(&mut self, ware: &Ware) -> anyhow::Result<CheckoutLine> {
        Ok(CheckoutLine {
            product_id: ware.id,
            product_name: ware.name.clone(),
            pieces: i64::try_from(1 + self.dice.below(2))?,
            price: ware.price,
            price_at_add: ware.price,
            needs_prescription: false,
            is_offered: true,
        })
    }

    fn tell_placed(&mut self, placed: &Placed<'_>) {
        let (at, status) = (placed.placed_at, placed.placement.status);
        let author = &placed.buyer.author;
        let order = self.traced(placed);
        let (entry, news) = traces::of_placing(order, (status, placed.payment_status));
        self.book.note((author, at), entry);
        let cause = Cause {
            source: HistorySource::Checkout,
            ..by_hand(author, "", at)
        };
        self.write_history(placed, status, &cause);
        self.book.publish(at, &news);
    }

    /// A step of an order with all that goes with it.
    fn step(&mut self, placed: &mut Placed<'_>, to: OrderStatus, cause: &Cause<'_>) -> anyhow::Result<()> {
        let Cause { author, at, .. } = *cause;
        placed.payment_status = placed.payment_status.after(to, placed.method);
        placed.updated_at = at;
        self.write_history(placed, to, cause);
        let transition = Transition {
            from: placed.status,
            to,
            payment_status: placed.payment_status,
        };
        let (entry, news) = traces::of_step(self.traced(placed), transition, cause.comment);
        self.book.note((author, at), entry);
        self.book.publish(at, &news);
        self.move_delivery(placed, to, cause);
        if to == OrderStatus::Cancelled {
            placed.cancel_reason = cause.comment;
            let day = placed.day;
            let document = self.document(placed.id, (day, at), MovementReason::OrderCancel, author);
            let back = self.online.put_back((day, at), &placed.parts)?;
            self.book.movements(&document, &back.movements);
        }
        placed.status = to;
        Ok(())
    }

    fn assign(&mut self, placed: &mut Placed<'a>, courier: &'a Member, at: DateTime<Utc>) {
        let id = take(&mut self.book.next.deliveries);
        let operator = &self.plan.operator;
        placed.delivery = Some((id, courier, at));
        placed.updated_at = at;
        self.write_delivery_history(id, (None, DeliveryStatus::Ready), operator, at);
        let couriers = (None, courier.user_id);
        let (entry, news) = traces::of_assignment(self.traced(placed), DeliveryId::new(id), couriers, &courier.name);
        self.book.note((operator, at), entry);
        self.book.publish(at, &news);
    }

    /// The delivery goes along with its order.
    fn move_delivery(&mut self, placed: &Placed<'_>, to: OrderStatus, cause: &Cause<'_>) {
        let Some((id, courier, _)) = placed.delivery else {
            return;
        };
        let Some(status) = DeliveryStatus::along(placed.status, to) else {
            return;
        };
        let before = match status {
            DeliveryStatus::Delivered => DeliveryStatus::OnTheWay,
            DeliveryStatus::Ready | DeliveryStatus::OnTheWay | DeliveryStatus::Canceled => DeliveryStatus::Ready,
        };
        self.write_delivery_history(id, (Some(before), status), cause.author, cause.at);
        let news = traces::of_delivery(self.traced(placed), (DeliveryId::new(id), status), courier.user_id);
        self.book.publish(cause.at, &news);
    }
}

fn by_hand<'a>(author: &'a Author, comment: &'static str, at: DateTime<Utc>) -> Cause<'a> {
    Cause {
        author,
        source: HistorySource::User,
        comment,
        at,
    }
}
