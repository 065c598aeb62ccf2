//! Programs that miss their CPU limit closely.

use std::time::Duration;

use gavel_model::{Checker, LimitHit, Limits, Payload, Submission, TestCase, Verdict, Work};

use gavel_testkit::until;
use gavel_worker::CloseMiss;

use crate::rig::{Program, Rig};

const LIMIT_MS: u64 = 400;
const PATIENCE: Duration = Duration::from_secs(60);

/// Burns so much CPU time at each of its tests.
fn burn(ms: u64, limit_ms: u64, tests: usize) -> Submission {
    let source = format!(
        r#"
        #include <stdio.h>
        #include <time.h>
        int main(void) {{
            struct timespec now;
            do {{
                for (volatile int i = 0; i < 1000; i++);
                clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
            }} while (now.tv_sec * 1000 + now.tv_nsec / 1000000 < {ms});
            puts("ok");
        }}
        "#
    );
    let limits = Limits { cpu_ms: limit_ms, wall_ms: 60_000, ..Limits::DEFAULT };
    let test = |number: usize| TestCase {
        name: number.to_string(),
        input: Payload::default(),
        answer: Payload::Text("ok\n".to_owned()),
    };
    Submission {
        work: Work::Tests {
            file_io: Default::default(),
            tests: (0..tests).map(test).collect(),
            checker: Checker::default(),
            all_tests: true,
        },
        ..Program::c(&source).limits(limits).submission()
    }
}

#[tokio::test]
async fn a_program_over_its_limit_is_tle_however_often_it_is_run_again() {
    let rig = Rig::with(|config| config.worker.rerun_cpu_s = 0).await;
    let result = rig.judge(&burn(LIMIT_MS * 105 / 100, LIMIT_MS, 2)).await;
    for test in &result.tests {
        assert_eq!((test.verdict, test.limit), (Verdict::Tle, Some(LimitHit::Cpu)), "{test:?}");
    }
    let repeated: Vec<bool> = result.tests.iter().map(|test| test.first_cpu_ms.is_some()).collect();
    assert_eq!(repeated, [true, false], "the first one is always granted, and nothing is left for more");
}

#[tokio::test]
async fn an_endless_loop_is_no_close_miss() {
    let rig = Rig::new().await;
    let result = rig.judge(&burn(60_000, LIMIT_MS, 1)).await;
    assert_eq!((result.verdict, result.tests[0].first_cpu_ms), (Verdict::Tle, None));
}

/// While one slot repeats a run, a submission on the other one comes to its end.
#[tokio::test]
async fn a_repeat_stops_nobody() {
    let rig = Rig::with(|config| config.worker.slots = 2).await;
    let honest = burn(1, LIMIT_MS, 1);
    assert_eq!(rig.judge(&honest).await.verdict, Verdict::Ac, "and it is compiled from now on");
    let limit_ms = 4_000;
    let close_miss = burn(limit_ms * 105 / 100, limit_ms, 1);
    let beside_a_repeat = async {
        until("a repeat begins", PATIENCE, async || {
            (rig.metrics.close_misses(CloseMiss::Repeated).get() > 0).then_some(())
        })
        .await;
        rig.judge(&honest).await
    };
    let misses = rig.judge(&close_miss);
    tokio::pin!(misses);
    tokio::select! {
        biased;
        result = &mut misses => panic!("the other one was kept waiting until this was over: {result:?}"),
        result = beside_a_repeat => assert_eq!(result.verdict, Verdict::Ac),
    }
    assert_eq!(misses.await.verdict, Verdict::Tle);
}
