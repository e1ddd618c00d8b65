//! Coalescing: whoever asks for the same public page at the same time is answered by one reading of it.
//!
//! A reading that has begun is joined by nobody. Who comes meanwhile waits for it, and then for the next one together with all who
//! came meanwhile too: so everybody is shown what was written before he asked, and the more ask for a page, the less each of them costs.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{Shared, WeakShared};

/// The readings of an application that somebody waits for.
#[derive(Debug)]
pub struct Coalescing<T> {
    readings: Mutex<HashMap<String, Reading<T>>>,
    begun: AtomicU64,
    joined: AtomicU64,
}

/// The latest reading of a page.
#[derive(Debug)]
struct Reading<T> {
    number: u64,
    has_begun: bool,
    outcome: Option<WeakShared<Outcome<T>>>,
}

type Outcome<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The place of a reading among the others, until it is done or nobody waits for it any more.
struct Place<T> {
    coalescing: Arc<Coalescing<T>>,
    page: String,
    number: u64,
}

impl<T> Default for Coalescing<T> {
    fn default() -> Self {
        Self {
            readings: Mutex::new(HashMap::new()),
            begun: AtomicU64::new(0),
            joined: AtomicU64::new(0),
        }
    }
}

impl<T: Clone + Send + Sync + 'static> Coalescing<T> {
    /// What `read` answers, or what the same answered that somebody else brought for this page and that begins after this call.
    ///
    /// It goes on as long as anybody waits for it, whoever brought it.
    pub async fn read<F>(self: &Arc<Self>, page: String, read: F) -> T
    where
        F: Future<Output = T> + Send + 'static,
    {
        self.join(page, read).await
    }

    fn join<F>(self: &Arc<Self>, page: String, read: F) -> Shared<Outcome<T>>
    where
        F: Future<Output = T> + Send + 'static,
    {
        let mut readings = self.readings();
        let latest = readings
            .get(&page)
            .and_then(|latest| Some((latest.has_begun, latest.outcome.as_ref()?.upgrade()?)));
        let before = match latest {
            Some((false, waits)) => {
                self.joined.fetch_add(1, Ordering::Relaxed);
                return waits;
            }
            Some((true, runs)) => Some(runs),
            None => None,
        };
        let number = self.begun.fetch_add(1, Ordering::Relaxed);
        let place = Place {
            coalescing: Arc::clone(self),
            page: page.clone(),
            number,
        };
        let outcome: Outcome<T> = Box::pin(async move {
            if let Some(before) = before {
                before.await;
            }
            place.begin();
            read.await
        });
        let outcome = outcome.shared();
        let reading = Reading {
            number,
            has_begun: false,
            outcome: outcome.downgrade(),
        };
        readings.insert(page, reading);
        outcome
    }
}

impl<T> Coalescing<T> {
    /// How many readings were brought so far that had to be done.
    #[must_use]
    pub fn readings_begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    /// How many were answered by one that somebody else brought.
    #[must_use]
    pub fn joined(&self) -> u64 {
        self.joined.load(Ordering::Relaxed)
    }

    fn readings(&self) -> MutexGuard<'_, HashMap<String, Reading<T>>> {
        self.readings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Place<T> {
    fn begin(&self) {
        let mut readings = self.coalescing.readings();
        if let Some(latest) = readings
            .get_mut(&self.page)
            .filter(|latest| latest.number == self.number)
        {
            latest.has_begun = true;
        }
    }
}

impl<T> Drop for Place<T> {
    fn drop(&mut self) {
        let mut readings = self.coalescing.readings();
        if readings
            .get(&self.page)
            .is_some_and(|latest| latest.number == self.number)
        {
            readings.remove(&self.page);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use actix_web::rt::System;
    use futures_util::FutureExt;
    use futures_util::future::{join, join_all};

    use super::Coalescing;

    /// A page that somebody writes on: each reading shows what stands there as it begins, and ends when it is let.
    #[derive(Debug, Clone, Default)]
    struct Written(Arc<AtomicU64>);

    impl Written {
        fn write(&self, number: u64) {
            self.0.store(number, Ordering::SeqCst);
        }

        async fn read(self) -> u64 {
            let read = self.0.load(Ordering::SeqCst);
            actix_web::rt::task::yield_now().await;
            read
        }
    }

    #[test]
    fn who_comes_while_a_page_is_read_is_shown_what_was_written_before_he_came() {
        System::new().block_on(async {
            let (coalescing, page) = (Arc::new(Coalescing::default()), Written::default());
            let ask = || coalescing.join("/products/".to_owned(), page.clone().read());

            page.write(1);
            let mut first = ask();
            assert_eq!((&mut first).now_or_never(), None);
            page.write(2);
            let others: Vec<_> = (0..5).map(|_| ask()).collect();

            assert_eq!(join(first, join_all(others)).await, (1, vec![2; 5]));
            assert_eq!((coalescing.readings_begun(), coalescing.joined()), (2, 4));
            assert!(coalescing.readings().is_empty());
        });
    }

    #[test]
    fn other_pages_are_read_by_themselves() {
        System::new().block_on(async {
            let (coalescing, page) = (Arc::new(Coalescing::default()), Written::default());
            let ask = |name: &str| coalescing.join(name.to_owned(), page.clone().read());

            join(ask("/products/1/"), ask("/products/2/")).await;

            assert_eq!((coalescing.readings_begun(), coalescing.joined()), (2, 0));
        });
    }

    #[test]
    fn a_reading_goes_on_when_whoever_brought_it_has_gone() {
        System::new().block_on(async {
            let (coalescing, page) = (Arc::new(Coalescing::default()), Written::default());
            let ask = || coalescing.join("/products/".to_owned(), page.clone().read());

            let (mut first, mut second) = (ask(), ask());
            assert_eq!((&mut first).now_or_never(), None);
            let third = ask();
            drop(first);
            assert_eq!((&mut second).now_or_never(), Some(0));
            assert_eq!(third.now_or_never(), None);

            assert_eq!(ask().await, 0);
            assert!(coalescing.readings().is_empty());
        });
    }

    #[test]
    fn nothing_remains_of_a_page_that_nobody_waits_for() {
        System::new().block_on(async {
            let (coalescing, page) = (Arc::new(Coalescing::default()), Written::default());
            let ask = || coalescing.join("/products/".to_owned(), page.clone().read());

            drop(ask());
            assert!(coalescing.readings().is_empty());
            let mut begun = ask();
            assert_eq!((&mut begun).now_or_never(), None);
            let next = ask();
            drop((begun, next));
            assert!(coalescing.readings().is_empty());
        });
    }
}
