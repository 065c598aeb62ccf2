//! Sandboxes for any number of languages and limits: one budget, and for each submission what it needs.

use gavel_model::{JudgeResult, Limits, Submission, Verdict};
use gavel_testkit::{PATIENCE, until};
use gavel_worker::settings::WorkerSettings;

use crate::rig::{Program, Rig, stdout};

/// One slot, so that there is no doubt which sandbox a submission gets.
async fn rig(change: impl FnOnce(&mut WorkerSettings)) -> Rig {
    Rig::with(|config| {
        config.worker.slots = 1;
        change(config);
    })
    .await
}

/// Judges, and waits until what it used is either ready again or gone.
async fn judge(rig: &Rig, submission: &Submission) -> JudgeResult {
    let result = rig.judge(submission).await;
    until("no sandbox is on its way", PATIENCE, async || {
        let states = ["starting", "leased", "proving"].map(|state| format!("state=\"{state}\""));
        let busy: f64 = states.iter().map(|state| rig.measured("gavel_sandboxes", &[state])).sum();
        (busy == 0.0).then_some(())
    })
    .await;
    result
}

fn said(result: &JudgeResult) -> (Verdict, String) {
    (result.verdict, result.tests.first().map(stdout).unwrap_or_default())
}

/// A sandbox is as large as its submission needs, whoever had it before.
#[tokio::test]
async fn each_submission_is_held_against_its_own_memory_limit() {
    let rig = rig(|_| {}).await;
    let of = async |memory_mb, source: &str| {
        let limits = Limits { memory_mb, cpu_ms: 5_000, wall_ms: 60_000, ..Limits::DEFAULT };
        judge(&rig, &Program::python(source).limits(limits).submission()).await.verdict
    };
    let takes = |mb: u64| format!("x = bytearray({mb} << 20)");
    for _ in 0..2 {
        assert_eq!(of(64, &takes(30)).await, Verdict::Ac);
        assert_eq!(of(64, &takes(100)).await, Verdict::Mle);
        assert_eq!(of(256, &takes(200)).await, Verdict::Ac);
        assert_eq!(of(1024, &takes(900)).await, Verdict::Ac);
        assert_eq!(of(1024, &takes(1100)).await, Verdict::Mle);
        assert_eq!(of(256, &takes(300)).await, Verdict::Mle);
    }
}

#[tokio::test]
async fn each_submission_has_its_own_number_of_processes() {
    let rig = rig(|_| {}).await;
    let forks = "import os, time\nn = 0\ntry:\n  while n < 90:\n    if os.fork() == 0: time.sleep(99)\n    n += 1\nexcept OSError: pass\nprint(n)";
    for (processes, forked) in [(64, "63\n"), (8, "7\n"), (80, "79\n"), (64, "63\n")] {
        let limits = Limits { processes, wall_ms: 60_000, ..Limits::DEFAULT };
        let result = judge(&rig, &Program::python(forks).limits(limits).submission()).await;
        assert_eq!(said(&result), (Verdict::Ac, forked.to_owned()), "{processes}");
    }
}

/// Two slots at a time, all languages in turn: no more sandboxes than the budget and what runs.
#[tokio::test]
async fn the_pool_keeps_its_budget_whatever_is_used() {
    let rig = Rig::with(|config| {
        config.worker.slots = 2;
        config.sandbox.pool.max = 3;
    })
    .await;
    let sources = [
        ("python", "print(1)"),
        ("node", "console.log(1)"),
        ("c", "#include <stdio.h>\nint main(void){puts(\"1\");}"),
        ("go", "package main\nimport \"fmt\"\nfunc main(){fmt.Println(1)}"),
        ("rust", "fn main(){println!(\"1\");}"),
    ];
    for _ in 0..2 {
        for (language, source) in sources {
            let result = judge(&rig, &Program::new(language, source).submission()).await;
            assert_eq!(said(&result), (Verdict::Ac, "1\n".to_owned()), "{language}");
            until("the pool is within its budget", PATIENCE, async || {
                (rig.measured("gavel_sandboxes", &[]) <= 3.0).then_some(())
            })
            .await;
        }
    }
}
