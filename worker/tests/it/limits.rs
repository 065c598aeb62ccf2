//! One test for each limit: the right verdict, and numbers near the truth.

use gavel_model::{Encoding, LimitHit, Limits, Verdict};

use crate::attacks::tests;
use crate::rig::{Program, Rig, stdout};

const MIB: f64 = 1024.0 * 1024.0;

/// Asserts that a figure lies in a range, and says which one if not.
fn near(what: &str, figure: f64, from: f64, to: f64) {
    assert!((from..=to).contains(&figure), "{what} is {figure}, expected {from} to {to}");
}

#[tokio::test]
async fn a_busy_loop_is_tle_by_cpu() {
    let report = Rig::new().await.run(Program::c("int main(){volatile long i=0;for(;;)i++;}")).await;
    assert_eq!((report.verdict, report.limit), (Verdict::Tle, Some(LimitHit::Cpu)));
    near("cpu", report.cpu_ms, 1_000.0, 1_300.0);
}

#[tokio::test]
async fn a_busy_grandchild_whose_parent_exited_is_counted() {
    let source = r#"
        #include <unistd.h>
        int main(){ if(!fork()){ if(!fork()){volatile long i=0;for(;;)i++;} _exit(0);} sleep(60); }
    "#;
    let report = Rig::new().await.run(Program::c(source)).await;
    assert_eq!((report.verdict, report.limit), (Verdict::Tle, Some(LimitHit::Cpu)), "{report:?}");
    near("cpu", report.cpu_ms, 1_000.0, 1_300.0);
}

#[tokio::test]
async fn children_that_nobody_waits_for_are_counted() {
    let source = r#"
        #include <signal.h>
        #include <unistd.h>
        int main(){ signal(SIGCHLD,SIG_IGN);
          for(int k=0;k<100;k++){ if(!fork()){volatile long i=0;while(i<60000000)i++;_exit(0);} usleep(100000);} }
    "#;
    let report = Rig::new()
        .await
        .run(Program::c(source).limits(Limits { cpu_ms: 700, wall_ms: 20_000, ..Limits::DEFAULT }))
        .await;
    assert_eq!((report.verdict, report.limit), (Verdict::Tle, Some(LimitHit::Cpu)), "{report:?}");
}

/// Each of two threads uses 300 ms of CPU time, whatever else the machine does. Says how many cores it may use.
const TWO_THREADS: &str = r#"
    #define _GNU_SOURCE
    #include <pthread.h>
    #include <sched.h>
    #include <stdio.h>
    #include <time.h>
    static void *busy(void *none){
      struct timespec t; volatile long i=0;
      do { for(int k=0;k<100000;k++) i++; clock_gettime(CLOCK_THREAD_CPUTIME_ID,&t); } while (t.tv_sec==0 && t.tv_nsec<300000000);
      return none; }
    int main(){ pthread_t a,b; pthread_create(&a,0,busy,0); pthread_create(&b,0,busy,0); pthread_join(a,0); pthread_join(b,0);
      cpu_set_t given; sched_getaffinity(0,sizeof given,&given); printf("cores: %d\n",CPU_COUNT(&given)); }
"#;

/// No ratio of CPU time to wall time: how much of two cores a program gets is the machine's affair.
#[tokio::test]
async fn two_busy_threads_may_use_two_cores_and_both_are_counted() {
    let rig = Rig::with(|config| config.worker.cores_per_slot = 2).await;
    let roomy = Limits { cpu_ms: 5_000, wall_ms: 30_000, ..Limits::DEFAULT };
    let report = rig.run(Program::c(TWO_THREADS).limits(roomy)).await;
    assert_eq!((report.verdict, stdout(&report).as_str()), (Verdict::Ac, "cores: 2\n"), "{report:?}");
    near("cpu", report.cpu_ms, 600.0, 690.0);
}

#[tokio::test]
async fn two_busy_threads_on_one_core_share_it() {
    let roomy = Limits { cpu_ms: 5_000, wall_ms: 30_000, ..Limits::DEFAULT };
    let report = Rig::new().await.run(Program::c(TWO_THREADS).limits(roomy)).await;
    assert_eq!((report.verdict, stdout(&report).as_str()), (Verdict::Ac, "cores: 1\n"), "{report:?}");
    near("cpu", report.cpu_ms, 600.0, 690.0);
    // One core gives no more than a second of CPU time a second; others on it only make the wall time longer.
    near("cpu / wall", report.cpu_ms / report.wall_ms, 0.0, 1.05);
}

#[tokio::test]
async fn sleeping_is_tle_by_wall() {
    let limits = Limits { cpu_ms: 1_000, wall_ms: 3_000, ..Limits::DEFAULT };
    let sleeper = Program::c("#include <unistd.h>\nint main(){sleep(30);}").limits(limits);
    let report = Rig::new().await.run(sleeper).await;
    assert_eq!((report.verdict, report.limit), (Verdict::Tle, Some(LimitHit::Wall)));
    near("wall", report.wall_ms, 3_000.0, 3_500.0);
    near("cpu", report.cpu_ms, 0.0, 100.0);
}

#[tokio::test]
async fn a_hundred_mebibytes_are_measured_within_a_tenth() {
    let source = r#"
        #include <stdlib.h>
        #include <string.h>
        int main(){ volatile char *p=malloc(100<<20); for(long i=0;i<100<<20;i+=4096) p[i]=1; return p[4096]-1; }
    "#;
    let report = Rig::new().await.run(Program::c(source)).await;
    assert_eq!(report.verdict, Verdict::Ac, "{report:?}");
    near("memory", report.memory_bytes as f64, 90.0 * MIB, 110.0 * MIB);
}

#[tokio::test]
async fn memory_reserved_but_untouched_is_free() {
    let source = r#"
        #include <sys/mman.h>
        int main(){ return mmap(0,10ul<<30,PROT_READ|PROT_WRITE,MAP_PRIVATE|MAP_ANONYMOUS|MAP_NORESERVE,-1,0)==MAP_FAILED; }
    "#;
    let report = Rig::new().await.run(Program::c(source)).await;
    assert_eq!(report.verdict, Verdict::Ac, "{report:?}");
    near("memory", report.memory_bytes as f64, 0.0, 20.0 * MIB);
}

#[tokio::test]
async fn allocating_over_the_limit_is_mle_and_not_rte() {
    let source = r#"
        #include <stdlib.h>
        #include <string.h>
        int main(){ for(;;){ char *p=malloc(1<<20); if(!p) return 1; memset(p,1,1<<20); } }
    "#;
    let report = Rig::new().await.run(Program::c(source)).await;
    assert_eq!((report.verdict, report.limit), (Verdict::Mle, Some(LimitHit::Memory)), "{report:?}");
}

#[tokio::test]
async fn a_child_that_runs_out_of_memory_is_mle_although_its_parent_ends_well() {
    let source = r#"
        #include <stdlib.h>
        #include <string.h>
        #include <sys/wait.h>
        #include <unistd.h>
        int main(){ if(!fork()) for(;;) memset(malloc(1<<20),1,1<<20); wait(0); return 0; }
    "#;
    let report = Rig::new().await.run(Program::c(source)).await;
    assert_eq!((report.verdict, report.limit), (Verdict::Mle, Some(LimitHit::Memory)), "{report:?}");
}

/// What the program holds itself is within the limit, and so is what it writes; only the two together are not. Without
/// the files the same program is fine.
#[tokio::test]
async fn files_in_tmp_count_as_memory() {
    let source = r#"
held = bytearray(80 << 20)
held[::4096] = b'x' * (len(held) // 4096)
if input() == "files":
    for place, mib in (('/tmp/y', 60), ('/app/work/y', 60), ('/dev/shm/y', 15)):
        with open(place, 'wb', buffering=0) as file:
            for _ in range(mib): file.write(b'y' * (1 << 20))
print('held all', held[4096])
"#;
    let small = Limits { memory_mb: 128, ..Limits::DEFAULT };
    let program = Program::python(source).limits(small);
    let cases = [("none", "held all 120"), ("files", "held all 120"), ("none", "held all 120")];
    let result = Rig::new().await.judge(&tests(&program, &cases)).await;
    let verdicts: Vec<Verdict> = result.tests.iter().map(|test| test.verdict).collect();
    assert_eq!(verdicts, [Verdict::Ac, Verdict::Mle, Verdict::Ac], "{result:#?}");
    assert_eq!(result.tests[1].limit, Some(LimitHit::Memory));
}

#[tokio::test]
async fn a_fork_bomb_ends_and_the_next_program_is_fine() {
    let rig = Rig::new().await;
    let bomb = rig.run(Program::c("#include <unistd.h>\nint main(){for(;;)fork();}")).await;
    assert_eq!(bomb.verdict, Verdict::Tle, "{bomb:?}");
    let next = rig.run(Program::c("#include <stdio.h>\nint main(){puts(\"fine\");}")).await;
    assert_eq!((next.verdict, stdout(&next).as_str()), (Verdict::Ac, "fine\n"));
}

#[tokio::test]
async fn processes_over_the_limit_cannot_be_started() {
    let source = "import os, time\nn=0\ntry:\n  while True:\n    if os.fork()==0: time.sleep(9); os._exit(0)\n    n+=1\nexcept BlockingIOError: print(n)\nimport sys; sys.stdout.flush(); os._exit(0)\n";
    let few = Limits { processes: 8, cpu_ms: 1_000, wall_ms: 4_000, ..Limits::DEFAULT };
    let report = Rig::new().await.run(Program::python(source).limits(few)).await;
    let started: u32 = stdout(&report).trim().parse().unwrap_or_else(|_| panic!("{report:?}"));
    assert!(started <= 8, "{started} children beside the program itself");
}

#[tokio::test]
async fn a_flood_of_output_is_ole() {
    let report = Rig::new()
        .await
        .run(Program::c("#include <stdio.h>\nint main(){for(;;)puts(\"flood flood flood\");}"))
        .await;
    assert_eq!((report.verdict, report.limit), (Verdict::Ole, Some(LimitHit::Output)));
    let shown = report.stdout.unwrap();
    assert!(shown.truncated && shown.data.len() == 64 * 1024, "{} bytes shown", shown.data.len());
}

#[tokio::test]
async fn a_flood_of_errors_is_ole() {
    let source = "#include <stdio.h>\nint main(){static char b[65536];for(;;)fwrite(b,1,sizeof b,stderr);}";
    let limits = Limits { cpu_ms: 5_000, wall_ms: 30_000, ..Limits::DEFAULT };
    let report = Rig::new().await.run(Program::c(source).limits(limits)).await;
    assert_eq!((report.verdict, report.limit), (Verdict::Ole, Some(LimitHit::Stderr)));
}

#[tokio::test]
async fn a_segmentation_fault_is_rte_with_its_signal() {
    let report = Rig::new().await.run(Program::c("int main(){*(volatile int*)0=1;}")).await;
    assert_eq!((report.verdict, report.signal, report.exit_code), (Verdict::Rte, Some(11), None));
}

#[tokio::test]
async fn exit_three_is_rte_with_its_code() {
    let report = Rig::new().await.run(Program::c("int main(){return 3;}")).await;
    assert_eq!((report.verdict, report.exit_code, report.signal), (Verdict::Rte, Some(3), None));
}

#[tokio::test]
async fn nul_and_bytes_that_are_not_utf8_come_back_unchanged() {
    let report = Rig::new()
        .await
        .run(Program::c("#include <stdio.h>\nint main(){fwrite(\"a\\0\\xff\\n\",1,4,stdout);}"))
        .await;
    let shown = report.stdout.unwrap();
    assert_eq!((shown.encoding, shown.data.as_str(), shown.bytes), (Encoding::Base64, "YQD/Cg==", 4));
}

#[tokio::test]
async fn no_output_is_no_error() {
    let report = Rig::new().await.run(Program::c("int main(){return 0;}")).await;
    assert_eq!((report.verdict, stdout(&report).as_str()), (Verdict::Ac, ""));
}

#[tokio::test]
async fn ten_megabytes_of_input_are_read_in_full() {
    let source = r#"
        #include <stdio.h>
        int main(){ static char b[65536]; unsigned long n=0,s=0; size_t k;
          while((k=fread(b,1,sizeof b,stdin))>0){ n+=k; for(size_t i=0;i<k;i++) s+=(unsigned char)b[i]; }
          printf("%lu %lu\n",n,s); }
    "#;
    let input: Vec<u8> = (0..10_000_000_u32).map(|i| b'a' + (i % 26) as u8).collect();
    let sum: u64 = input.iter().map(|byte| u64::from(*byte)).sum();
    let report = Rig::new().await.run(Program::c(source).stdin(input)).await;
    assert_eq!(stdout(&report), format!("10000000 {sum}\n"), "{report:?}");
}

#[tokio::test]
async fn input_that_nobody_reads_does_no_harm() {
    let report = Rig::new().await.run(Program::c("int main(){return 0;}").stdin(vec![b'x'; 5_000_000])).await;
    assert_eq!(report.verdict, Verdict::Ac);
}

#[tokio::test]
async fn deep_recursion_is_limited_by_memory_not_by_a_small_stack() {
    let source = r#"
        #include <stdio.h>
        static int down(int n){ volatile char pad[1000]; pad[0]=n; return n==0 ? pad[0] : down(n-1)+pad[0]*0; }
        int main(){ printf("%d\n", down(100000)); }
    "#;
    let report = Rig::new().await.run(Program::c(source)).await;
    assert_eq!(report.verdict, Verdict::Ac, "{report:?}");
}

#[tokio::test]
async fn a_close_miss_of_the_cpu_limit_is_run_again_alone_and_both_figures_are_told() {
    let source = r#"
        #include <sys/resource.h>
        int main(){ struct rusage u; volatile long i=0; do { for(int k=0;k<10000;k++) i++; getrusage(RUSAGE_SELF,&u); }
          while (u.ru_utime.tv_sec*1000000L+u.ru_utime.tv_usec+u.ru_stime.tv_usec < 530000); }
    "#;
    let limits = Limits { cpu_ms: 500, wall_ms: 3_000, ..Limits::DEFAULT };
    let report = Rig::new().await.run(Program::c(source).limits(limits)).await;
    assert_eq!((report.verdict, report.limit), (Verdict::Tle, Some(LimitHit::Cpu)));
    near("the first figure", report.first_cpu_ms.expect("it was run once only"), 500.0, 550.0);
    near("the second figure", report.cpu_ms, 500.0, 550.0);
}
