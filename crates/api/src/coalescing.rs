//! Coalescing: whoever asks for the same public page at the same time is answered by one reading of it.
//!
//! A reading that has begun is joined by nobody. Who comes meanwhile waits for it, and then for the next one together with all who
//! came meanwhile too: so everybody is shown what was written before he asked, and the more ask for a page, the less each of them costs.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::rt;
use tokio::sync::oneshot;

/// The pages of an application that are being read.
pub struct Coalescing<T> {
    /// Each with the reading that follows, once somebody waits for one.
    pages: Mutex<HashMap<String, Option<Reading<T>>>>,
    readings: AtomicU64,
    joined: AtomicU64,
}

/// A reading that has not begun, and who waits for it.
struct Reading<T> {
    work: Pin<Box<dyn Future<Output = T> + Send>>,
    waiting: Vec<oneshot::Sender<T>>,
}

/// A page that is being read, until it is given up. Whoever still waits then learns it.
struct Busy<T> {
    coalescing: Arc<Coalescing<T>>,
    page: Option<String>,
}

impl<T> Default for Coalescing<T> {
    fn default() -> Self {
        Self {
            pages: Mutex::new(HashMap::new()),
            readings: AtomicU64::new(0),
            joined: AtomicU64::new(0),
        }
    }
}

impl<T: Clone + Send + 'static> Coalescing<T> {
    /// What `work` answers, or what the same answered that somebody else brought for this page and that begins after this call. `None`
    /// where the work was given up, as the server stops.
    ///
    /// It runs by itself: it ends however many of those who wait hang up.
    pub async fn read<F>(self: &Arc<Self>, page: String, work: F) -> Option<T>
    where
        F: Future<Output = T> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        if let Some(reading) = self.wait(&page, work, tell) {
            #[expect(
                clippy::disallowed_methods,
                reason = "it blocks nothing, and waits for what `blocking` runs"
            )]
            rt::spawn(Busy::with(Arc::clone(self), page).serve(reading));
        }
        told.await.ok()
    }

    /// The reading, if it can begin at once.
    fn wait<F>(&self, page: &str, work: F, tell: oneshot::Sender<T>) -> Option<Reading<T>>
    where
        F: Future<Output = T> + Send + 'static,
    {
        let reading = |work| Reading {
            work: Box::pin(work),
            waiting: Vec::new(),
        };
        match self.pages().entry(page.to_owned()) {
            Entry::Vacant(free) => {
                free.insert(None);
                let mut reading = reading(work);
                reading.waiting.push(tell);
                Some(reading)
            }
            Entry::Occupied(mut busy) => {
                let next = busy.get_mut();
                if next.is_some() {
                    self.joined.fetch_add(1, Ordering::Relaxed);
                }
                next.get_or_insert_with(|| reading(work)).waiting.push(tell);
                None
            }
        }
    }

    /// The reading that follows, if anybody still waits for it; else the page is free.
    fn next(&self, page: &str) -> Option<Reading<T>> {
        let mut pages = self.pages();
        let next = pages.get_mut(page).and_then(Option::take);
        let next = next.filter(|next| next.waiting.iter().any(|tell| !tell.is_closed()));
        if next.is_none() {
            pages.remove(page);
        }
        next
    }
}

impl<T> Coalescing<T> {
    /// How many readings there were so far.
    #[must_use]
    pub fn readings(&self) -> u64 {
        self.readings.load(Ordering::Relaxed)
    }

    /// How many were answered by a reading that somebody else brought.
    #[must_use]
    pub fn joined(&self) -> u64 {
        self.joined.load(Ordering::Relaxed)
    }

    fn pages(&self) -> MutexGuard<'_, HashMap<String, Option<Reading<T>>>> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone + Send + 'static> Busy<T> {
    fn with(coalescing: Arc<Coalescing<T>>, page: String) -> Self {
        Self {
            coalescing,
            page: Some(page),
        }
    }

    /// Reads the page as long as anybody asks for it meanwhile.
    async fn serve(mut self, first: Reading<T>) {
        let mut reading = Some(first);
        while let Some(Reading { work, waiting }) = reading {
            self.coalescing.readings.fetch_add(1, Ordering::Relaxed);
            let outcome = work.await;
            for tell in waiting {
                // Who has hung up is told nothing.
                let _ = tell.send(outcome.clone());
            }
            reading = self.page.as_deref().and_then(|page| self.coalescing.next(page));
        }
        self.page = None;
    }
}

impl<T> Drop for Busy<T> {
    fn drop(&mut self) {
        if let Some(page) = self.page.take() {
            self.coalescing.pages().remove(&page);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::AssertUnwindSafe;
    use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
    use std::sync::{Arc, Barrier};
    use std::thread;

    use actix_web::rt::System;
    use actix_web::rt::task::yield_now;
    use futures_util::FutureExt;
    use futures_util::future::{join, join_all};

    use super::Coalescing;

    /// A page that somebody writes on: a reading shows what stands there as it begins, and takes a while.
    #[derive(Debug, Clone, Default)]
    struct Written(Arc<AtomicU64>);

    impl Written {
        fn write(&self, number: u64) {
            self.0.store(number, Ordering::SeqCst);
        }

        async fn read(self) -> u64 {
            let read = self.0.load(Ordering::SeqCst);
            for _ in 0..10 {
                yield_now().await;
            }
            read
        }
    }

    /// Lets what has been spawned begin.
    async fn begin<F: Future + Unpin>(asked: &mut F) {
        assert!(asked.now_or_never().is_none());
        for _ in 0..3 {
            yield_now().await;
        }
    }

    #[test]
    fn who_comes_while_a_page_is_read_is_shown_what_was_written_before_he_came() {
        System::new().block_on(async {
            let (coalescing, page) = (Arc::new(Coalescing::default()), Written::default());
            let ask = || Box::pin(coalescing.read("/products/".to_owned(), page.clone().read()));

            page.write(1);
            let mut first = ask();
            begin(&mut first).await;
            page.write(2);
            let others: Vec<_> = (0..5).map(|_| ask()).collect();

            assert_eq!(join(first, join_all(others)).await, (Some(1), vec![Some(2); 5]));
            assert_eq!((coalescing.readings(), coalescing.joined()), (2, 4));
            assert!(coalescing.pages().is_empty());
        });
    }

    #[test]
    fn other_pages_are_read_by_themselves() {
        System::new().block_on(async {
            let (coalescing, page) = (Arc::new(Coalescing::default()), Written::default());
            let ask = |name: &str| {
                let (coalescing, name) = (Arc::clone(&coalescing), name.to_owned());
                let work = page.clone().read();
                async move { coalescing.read(name, work).await }
            };

            join(ask("/products/1/"), ask("/products/2/")).await;

            assert_eq!((coalescing.readings(), coalescing.joined()), (2, 0));
        });
    }

    #[test]
    fn a_reading_goes_on_when_whoever_brought_it_has_gone() {
        System::new().block_on(async {
            let (coalescing, page) = (Arc::new(Coalescing::default()), Written::default());
            let ask = || Box::pin(coalescing.read("/products/".to_owned(), page.clone().read()));

            let (mut first, mut second, mut third) = (ask(), ask(), ask());
            begin(&mut first).await;
            for other in [&mut second, &mut third] {
                assert!(other.now_or_never().is_none());
            }
            drop((first, second));

            assert_eq!(third.await, Some(0));
            assert_eq!(coalescing.readings(), 2);
        });
    }

    #[test]
    fn a_page_that_nobody_waits_for_any_more_is_read_no_further() {
        System::new().block_on(async {
            let (coalescing, page) = (Arc::new(Coalescing::default()), Written::default());
            let ask = || Box::pin(coalescing.read("/products/".to_owned(), page.clone().read()));

            let (mut first, mut second) = (ask(), ask());
            begin(&mut first).await;
            assert!((&mut second).now_or_never().is_none());
            drop(second);

            assert_eq!(first.await, Some(0));
            assert_eq!(coalescing.readings(), 1);
            assert!(coalescing.pages().is_empty());
        });
    }

    #[test]
    fn who_waits_for_a_reading_that_breaks_learns_it_and_the_next_one_is_read() {
        System::new().block_on(async {
            let coalescing = Arc::new(Coalescing::default());
            let broken = coalescing.read("/products/".to_owned(), async { panic!("broken") });

            assert_eq!(broken.await, None);
            assert_eq!(coalescing.read("/products/".to_owned(), async { 1 }).await, Some(1));
        });
    }

    #[test]
    fn nobody_waits_for_ever_whoever_hangs_up_on_whichever_thread() {
        const THREADS: usize = 4;
        let (coalescing, page) = (Arc::new(Coalescing::default()), Written::default());
        let (all_ready, ended) = (Barrier::new(THREADS), AtomicUsize::new(0));
        let turns = async |number: usize| {
            for turn in 0..300 {
                page.write(1);
                let mut asked = Box::pin(coalescing.read("/products/".to_owned(), page.clone().read()));
                if (turn + number).is_multiple_of(3) {
                    // Asked, and not waited for.
                    let _ = asked.as_mut().now_or_never();
                } else {
                    assert!(asked.await.is_some());
                }
            }
        };
        thread::scope(|scope| {
            for number in 0..THREADS {
                let (turns, all_ready, ended) = (&turns, &all_ready, &ended);
                scope.spawn(move || {
                    System::new().block_on(async {
                        all_ready.wait();
                        let outcome = AssertUnwindSafe(turns(number)).catch_unwind().await;
                        // A thread that stops gives up what it reads for the others, so none stops before the last has its answers.
                        ended.fetch_add(1, Ordering::SeqCst);
                        while ended.load(Ordering::SeqCst) < THREADS {
                            yield_now().await;
                        }
                        outcome.unwrap();
                    });
                });
            }
        });
        assert!(coalescing.joined() > 0);
    }
}
