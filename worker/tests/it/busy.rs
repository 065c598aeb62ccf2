//! A host that has other work to do is not charged to a program.

use std::process::{Child, Command, Stdio};

use gavel_model::{LimitHit, Limits, Verdict};

use crate::pairs::Stage;
use crate::rig::{Program, Rig};

/// Busy processes on one core, until they are dropped.
struct Load(Vec<Child>);

impl Load {
    fn on(core: u32) -> Self {
        let busy = || {
            let mut command = Command::new("taskset");
            command.args(["-c", &core.to_string(), "perl", "-e", "1 while 1"]).stdin(Stdio::null());
            command.spawn().expect("taskset and perl must be installed")
        };
        Self((0..4).map(|_| busy()).collect())
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        for child in &mut self.0 {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

#[tokio::test]
async fn a_program_that_waited_for_its_core_is_no_tle_and_told_so() {
    let rig = Rig::with(|config| config.worker.slots = 1).await;
    let source = r#"
        #include <sys/resource.h>
        int main(void){ struct rusage u; volatile long i=0; do { for(int k=0;k<10000;k++) i++; getrusage(RUSAGE_SELF,&u); }
          while (u.ru_utime.tv_sec*1000000L+u.ru_utime.tv_usec+u.ru_stime.tv_usec < 700000); }
    "#;
    let limits = Limits { cpu_ms: 5_000, wall_ms: 1_000, ..Limits::DEFAULT };
    let slot = rig.host.slots.get().await.unwrap();
    let _load = Load::on(slot.cores[0]);
    let result = rig
        .host
        .judge
        .judge(&Program::c(source).limits(limits).submission(), 1, &slot, &mut |_| ())
        .await
        .unwrap();
    let report = &result.tests[0];
    assert_eq!((report.verdict, report.limit), (Verdict::Ac, None), "{report:?}");
    let waited_ms = report.waited_ms.expect("the scheduler's figures can be read here");
    assert!(report.wall_ms + waited_ms > 1_100.0, "or the test proves nothing: {report:?}");
    assert!(report.wall_ms <= 1_000.0, "{report:?}");
}

/// The program sleeps while its interactor has a word to find and no core to do it on.
#[tokio::test]
async fn a_program_is_not_charged_for_its_interactors_wait_for_a_core() {
    let rig = Rig::with(|config| config.worker.slots = 1).await;
    let stage =
        Stage::new("c", &[("want=hi:1 say=ok exit=0", "spin=800 say=hi want=ok:43 exit=42", Verdict::Ac)], 1);
    let mut case = stage.case(&rig, "c");
    (case.limits.cpu_ms, case.limits.wall_ms) = (500, 1_000);
    let slot = rig.host.slots.get().await.unwrap();
    let _load = Load::on(slot.cores[0]);
    let findings = rig.host.judge.examine(&case, &slot, &mut |_| ()).await.unwrap();
    let report = &findings.tests[0];
    assert_eq!((report.verdict, report.limit), (Verdict::Ac, None), "{report:?}");
    let waited_ms = report.waited_ms.expect("the scheduler's figures can be read here");
    assert!(report.wall_ms + waited_ms > 1_000.0, "or the test proves nothing: {report:?}");
}

/// What an interactor computes is waited for as ever, and what it sleeps.
#[tokio::test]
async fn an_interactor_that_takes_its_time_is_waited_for_on_the_programs_time() {
    let rig = Rig::with(|config| config.worker.slots = 1).await;
    let rows = ["nap=2000 say=hi want=ok:43 exit=42", "spin=2000 say=hi want=ok:43 exit=42"]
        .map(|judge| ("want=hi:1 say=ok exit=0", judge, Verdict::Tle));
    let stage = Stage::new("c", &rows, 1);
    let mut case = stage.case(&rig, "c");
    (case.limits.cpu_ms, case.limits.wall_ms) = (500, 1_000);
    let slot = rig.host.slots.get().await.unwrap();
    let findings = rig.host.judge.examine(&case, &slot, &mut |_| ()).await.unwrap();
    for report in &findings.tests {
        assert_eq!((report.verdict, report.limit), (Verdict::Tle, Some(LimitHit::Wall)), "{report:?}");
    }
}
