//! The jobs that come round, and whose turn it is.

use std::sync::PoisonError;

use chrono::TimeDelta;
use savdo_persistence::dispatches;
use savdo_persistence::jobs::{self, JobTurn};

use super::Runner;
use super::running::report;
use crate::payments::merchant;
use crate::stock::summary;
use crate::{Result, accounts, audit, files, once, orders, prescriptions};

/// Longer than nothing of theirs is wanted: a link for a new password lives a day.
const SECRETS_LIVE: TimeDelta = TimeDelta::hours(48);

/// A job: what it is called, how often it begins, how long one run may take at the most.
struct Job {
    name: &'static str,
    period: TimeDelta,
    lease: TimeDelta,
    run: Run,
}

/// What a job does.
enum Run {
    /// Work of our own, soon done.
    Through(fn(&Runner) -> Result<()>),
    /// Work that waits for others, and leaves off where the worker is to stop.
    UntilStopped(fn(&Runner, &dyn Fn() -> bool) -> Result<()>),
}

const JOBS: &[Job] = &[
    Job {
        name: "orders_expire",
        period: TimeDelta::minutes(1),
        lease: TimeDelta::minutes(10),
        run: Run::Through(expire_orders),
    },
    Job {
        name: "audit_seal",
        period: TimeDelta::seconds(30),
        lease: TimeDelta::minutes(10),
        run: Run::Through(seal_log),
    },
    Job {
        name: "secrets_forget",
        period: TimeDelta::hours(1),
        lease: TimeDelta::minutes(5),
        run: Run::Through(forget_secrets),
    },
    Job {
        name: "idempotency_forget",
        period: TimeDelta::hours(1),
        lease: TimeDelta::minutes(30),
        run: Run::Through(forget_keys),
    },
    Job {
        name: "files_sweep",
        period: TimeDelta::hours(1),
        lease: TimeDelta::minutes(30),
        run: Run::Through(sweep_files),
    },
    Job {
        name: "prescriptions_erase",
        period: TimeDelta::days(1),
        lease: TimeDelta::hours(1),
        run: Run::Through(erase_prescriptions),
    },
    Job {
        name: "prescriptions_rewrap",
        period: TimeDelta::hours(1),
        lease: TimeDelta::hours(1),
        run: Run::Through(rewrap_prescriptions),
    },
    Job {
        name: "sessions_forget",
        period: TimeDelta::hours(1),
        lease: TimeDelta::minutes(30),
        run: Run::Through(forget_sessions),
    },
    Job {
        name: "codes_forget",
        period: TimeDelta::hours(1),
        lease: TimeDelta::minutes(30),
        run: Run::Through(forget_codes),
    },
    // Some of the day before each time, until all of it is compared.
    Job {
        name: "click_compare",
        period: TimeDelta::minutes(5),
        lease: TimeDelta::minutes(10),
        run: Run::UntilStopped(compare_with_click),
    },
    Job {
        name: "comparisons_forget",
        period: TimeDelta::days(1),
        lease: TimeDelta::minutes(30),
        run: Run::Through(forget_comparisons),
    },
    // More often than a day, as each store has a midnight of its own.
    Job {
        name: "levels_renew",
        period: TimeDelta::minutes(1),
        lease: TimeDelta::minutes(10),
        run: Run::Through(renew_levels),
    },
];

impl Runner {
    /// Runs each job that is due, unless another process has its turn. A job that fails is logged and comes round again.
    ///
    /// # Errors
    /// The turns cannot be read or taken.
    pub fn run_due_jobs(&self) -> Result<()> {
        self.run_due_jobs_until(|| false)
    }

    /// As [`Runner::run_due_jobs`]; begins none and leaves off a long one where `is_stopping`.
    ///
    /// # Errors
    /// As there.
    pub fn run_due_jobs_until(&self, is_stopping: impl Fn() -> bool) -> Result<()> {
        for job in JOBS {
            if is_stopping() {
                break;
            }
            self.run_if_due(job, &is_stopping)?;
        }
        Ok(())
    }

    fn run_if_due(&self, job: &Job, is_stopping: &dyn Fn() -> bool) -> Result<()> {
        let now = self.context.now();
        let turn = JobTurn {
            name: job.name,
            period: job.period,
            at: now,
            locked_until: now.checked_add_signed(job.lease).unwrap_or(now),
        };
        let database = self.context.database();
        if !database.read("job_is_due", |reader| jobs::is_due(reader, &turn))?
            || !database.write("job_take_turn", move |tx| jobs::take_turn(tx, &turn))?
        {
            return Ok(());
        }
        let done = match job.run {
            Run::Through(run) => run(self),
            Run::UntilStopped(run) => run(self, is_stopping),
        };
        if let Err(error) = done {
            report(job.name, &error);
        }
        Ok(database.write("job_finish", move |tx| jobs::finish(tx, &turn))?)
    }
}

fn expire_orders(runner: &Runner) -> Result<()> {
    let expired = orders::expire_due(&runner.context)?;
    if expired > 0 {
        tracing::info!(
            expired,
            "{expired} orders waited for their buyer too long and are given up"
        );
    }
    Ok(())
}

fn renew_levels(runner: &Runner) -> Result<()> {
    let renewed = summary::renew_expired(&runner.context)?;
    if renewed > 0 {
        tracing::info!(
            renewed,
            "{renewed} levels of goods that have expired count anew what can be sold"
        );
    }
    Ok(())
}

fn compare_with_click(runner: &Runner, is_stopping: &dyn Fn() -> bool) -> Result<()> {
    let done = runner.compare_with_click(is_stopping)?;
    if done.compared > 0 {
        let (compared, differing) = (done.compared, done.differing);
        tracing::info!(
            compared,
            differing,
            "{compared} payments were compared with Click, {differing} differ"
        );
    }
    Ok(())
}

fn forget_comparisons(runner: &Runner) -> Result<()> {
    let forgotten = merchant::forget_old(&runner.context)?;
    if forgotten > 0 {
        tracing::info!(
            forgotten,
            "How {forgotten} old days were compared with Click is forgotten"
        );
    }
    Ok(())
}

fn forget_keys(runner: &Runner) -> Result<()> {
    let forgotten = once::forget_old(&runner.context)?;
    if forgotten > 0 {
        tracing::info!(forgotten, "{forgotten} answers to old idempotency keys are forgotten");
    }
    Ok(())
}

fn sweep_files(runner: &Runner) -> Result<()> {
    let swept = files::sweep(&runner.context)?;
    if swept > 0 {
        tracing::info!(swept, "{swept} files that no row names are gone");
    }
    Ok(())
}

fn erase_prescriptions(runner: &Runner) -> Result<()> {
    let erased = prescriptions::erase_outdated(&runner.context)?;
    if erased > 0 {
        tracing::info!(
            erased,
            "The pictures of {erased} prescriptions whose time was over are erased"
        );
    }
    Ok(())
}

fn rewrap_prescriptions(runner: &Runner) -> Result<()> {
    let rewrapped = prescriptions::rewrap_keys(&runner.context)?;
    if rewrapped > 0 {
        tracing::info!(
            rewrapped,
            "The keys of {rewrapped} pictures are sealed under the current key for files"
        );
    }
    Ok(())
}

fn forget_sessions(runner: &Runner) -> Result<()> {
    let (sessions, links) = accounts::forget_old(&runner.context)?;
    if sessions > 0 || links > 0 {
        tracing::info!(
            sessions,
            links,
            "{sessions} sessions and {links} links for a new password that were over are forgotten"
        );
    }
    Ok(())
}

fn forget_codes(runner: &Runner) -> Result<()> {
    let forgotten = accounts::forget_codes(&runner.context)?;
    if forgotten > 0 {
        tracing::info!(forgotten, "{forgotten} old one-time codes or phones are forgotten");
    }
    Ok(())
}

fn seal_log(runner: &Runner) -> Result<()> {
    let mut seen = runner.audit_seen.lock().unwrap_or_else(PoisonError::into_inner);
    audit::seal_log(&runner.context, &mut seen)
}

fn forget_secrets(runner: &Runner) -> Result<()> {
    let context = &runner.context;
    let now = context.now();
    let before = now.checked_sub_signed(SECRETS_LIVE).unwrap_or(now);
    let forgotten = context.database().write("secrets_forget", move |tx| {
        dispatches::forget_secrets_unscoped(tx, before)
    })?;
    if forgotten > 0 {
        tracing::info!(forgotten, "{forgotten} sealed texts that were never sent are forgotten");
    }
    Ok(())
}
