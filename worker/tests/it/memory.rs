//! Memory is that of everything a program started and wrote, and the limit is the limit.

use gavel_model::Limits;
use gavel_model::Verdict;
use gavel_model::{LimitHit, TestReport};
use test_case::test_case;

use crate::rig::{Program, Rig};

const MIB: u64 = 1024 * 1024;

const HEAD: &str = "#define _GNU_SOURCE\n#include <fcntl.h>\n#include <signal.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <sys/mman.h>\n#include <sys/wait.h>\n#include <unistd.h>\nstatic char block[1<<20];\nstatic char*take(long n){volatile char*p=malloc(n);for(long i=0;i<n;i+=4096)p[i]=1;return (char*)p;}\n";

async fn run_c(memory_mb: u64, body: &str) -> TestReport {
    let source = format!("{HEAD}int main(void){{memset(block,7,sizeof block);{body}}}");
    let limits = Limits { memory_mb, cpu_ms: 5_000, wall_ms: 11_000, ..Limits::DEFAULT };
    Rig::new().await.run(Program::c(&source).limits(limits)).await
}

fn assert_over(report: &TestReport, limit_mb: u64) {
    assert_eq!((report.verdict, report.limit), (Verdict::Mle, Some(LimitHit::Memory)), "{report:?}");
    assert!(report.memory_bytes > limit_mb * MIB, "{report:?}");
}

/// So many children, each with so many MiB for a while.
fn children(count: u32, mebibytes: u32) -> String {
    format!(
        "for(int k=0;k<{count};k++)if(!fork()){{char*p=take({mebibytes}<<20);usleep(400000);_exit(p[0]-1);}}\
         int s,b=0;while(wait(&s)>0)b|=s;return b?1:0;"
    )
}

#[test_case(2, 140)]
#[test_case(4, 75)]
#[test_case(2, 200)]
#[tokio::test]
async fn several_processes_over_the_limit_together_are_mle(count: u32, mebibytes: u32) {
    assert_over(&run_c(256, &children(count, mebibytes)).await, 256);
}

#[tokio::test]
async fn several_processes_within_the_limit_are_told_as_one_sum() {
    let report = run_c(256, &children(4, 50)).await;
    assert_eq!(report.verdict, Verdict::Ac, "{report:?}");
    assert!((190 * MIB..225 * MIB).contains(&report.memory_bytes), "{report:?}");
}

#[tokio::test]
async fn one_process_after_the_other_is_not_a_sum() {
    let body =
        "for(int k=0;k<8;k++){if(!fork()){char*p=take(20<<20);usleep(1000);_exit(p[0]-1);}wait(0);}return 0;";
    let report = run_c(256, body).await;
    assert_eq!(report.verdict, Verdict::Ac, "{report:?}");
    assert!((20 * MIB..40 * MIB).contains(&report.memory_bytes), "{report:?}");
}

#[tokio::test]
async fn memory_shared_by_several_processes_is_counted_once() {
    let body = "char*p=mmap(0,100<<20,3,MAP_SHARED|MAP_ANONYMOUS,-1,0);memset(p,1,100<<20);\
        for(int k=0;k<3;k++)if(!fork()){int s=0;for(int i=0;i<100<<20;i+=4096)s+=p[i];usleep(100000);_exit(s==0);}\
        int s,b=0;while(wait(&s)>0)b|=s;return b?1:0;";
    let report = run_c(256, body).await;
    assert_eq!(report.verdict, Verdict::Ac, "{report:?}");
    assert!((100 * MIB..130 * MIB).contains(&report.memory_bytes), "{report:?}");
}

#[tokio::test]
async fn a_pool_of_python_processes_is_one_sum() {
    let source = "from multiprocessing import Pool\nimport time\ndef f(x):\n    b=bytearray(40<<20)\n    for i in range(0,len(b),4096): b[i]=1\n    time.sleep(0.4)\n    return len(b)\nif __name__=='__main__':\n    with Pool(4) as p: print(sum(p.map(f,range(4)))>>20)";
    let limits = Limits { cpu_ms: 5_000, wall_ms: 11_000, ..Limits::DEFAULT };
    let report = Rig::new().await.run(Program::python(source).limits(limits)).await;
    assert_eq!(report.verdict, Verdict::Ac, "{report:?}");
    assert!(report.memory_bytes > 150 * MIB, "{report:?}");
}

/// Memory in places where no process is charged with it.
#[test_case(8, "signal(SIGCHLD,SIG_IGN);if(!fork()){char*m=take(60<<20);_exit(0);}usleep(400000);"; "a child that nobody waits for")]
#[test_case(64, "int f=memfd_create(\"x\",0);for(int k=0;k<60;k++)write(f,block,sizeof block);char*m=take(50<<20);usleep(50000);"; "a memory file and a heap")]
#[test_case(32, "int f=open(\"/tmp/x\",O_CREAT|O_RDWR,0600);for(int k=0;k<40;k++)write(f,block,sizeof block);usleep(50000);"; "a file in tmp")]
#[test_case(32, "int f=open(\"/app/work/x\",O_CREAT|O_RDWR,0600);unlink(\"/app/work/x\");for(int k=0;k<40;k++)write(f,block,sizeof block);usleep(50000);"; "a deleted file in the working directory")]
#[test_case(8, "int f=open(\"/dev/shm/x\",O_CREAT|O_RDWR,0600);for(int k=0;k<15;k++)write(f,block,sizeof block);usleep(50000);"; "a file in shm")]
#[test_case(16, "for(int k=0;k<40;k++){int p[2];pipe2(p,O_NONBLOCK);fcntl(p[1],F_SETPIPE_SZ,1<<20);while(write(p[1],block,65536)>0);}usleep(50000);"; "bytes in pipes")]
#[test_case(32, "if(!fork()){setsid();if(!fork()){char*m=take(60<<20);sleep(9);}_exit(0);}wait(0);usleep(400000);"; "a daemon")]
#[test_case(32, "int p[2];pipe(p);if(!fork()){char*m=take(60<<20);write(p[1],m,1);sleep(9);}read(p[0],block,1);"; "a child that outlives the program")]
#[tokio::test]
async fn memory_in_hiding_is_mle(memory_mb: u64, body: &str) {
    assert_over(&run_c(memory_mb, body).await, memory_mb);
}

/// The kernel need not come in: the limit is met within a few MiB.
#[test_case(64)]
#[test_case(256)]
#[tokio::test]
async fn a_limit_is_met_within_a_few_mebibytes(limit_mb: u64) {
    let grow = "for(;;)take(1<<18);";
    let report = run_c(limit_mb, grow).await;
    assert_over(&report, limit_mb);
    assert!(report.memory_bytes < (limit_mb + 40) * MIB, "{report:?}");
    let most = format!("char*p=take({0}l<<20);usleep(100000);return p[0]-1;", limit_mb - 6);
    let report = run_c(limit_mb, &most).await;
    assert_eq!(report.verdict, Verdict::Ac, "{report:?}");
}

#[tokio::test]
async fn what_one_test_held_is_not_charged_to_the_next() {
    let source = "import os\nb=b'x'*(1<<20)\nwith open('/tmp/x','wb') as f:\n  for _ in range(40): f.write(b)\nimport time\ntime.sleep(0.1)\nprint('ok')\n";
    let program = Program::python(source).limits(Limits { memory_mb: 64, ..Limits::DEFAULT });
    let submission = crate::attacks::tests(&program, &[("1", "ok"), ("2", "ok"), ("3", "ok")]);
    let result = Rig::new().await.judge(&submission).await;
    assert_eq!(result.verdict, Verdict::Ac, "{result:#?}");
    assert!(result.tests.iter().all(|test| (40 * MIB..64 * MIB).contains(&test.memory_bytes)), "{result:#?}");
}

#[tokio::test]
async fn a_program_cannot_make_the_kernel_take_the_runner() {
    let source = "import os\nfor name in ('oom_score_adj', 'oom_adj'):\n  for pid in ('self', os.getpid(), 1):\n    try: os.write(os.open(f'/proc/{pid}/{name}', os.O_WRONLY), b'0'); print(pid, name)\n    except OSError: pass\nprint(open('/proc/self/oom_score_adj').read())\n";
    let report = Rig::new().await.run(Program::python(source)).await;
    assert_eq!(crate::rig::stdout(&report).trim(), "1000", "{report:?}");
}
