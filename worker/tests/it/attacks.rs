//! Hostile programs: attacks that were seen on real judges. None may change a verdict it has no right to, be seen by
//! the next test, or keep the judge from judging the next program. None may end as a fault (`JE`): `Rig::judge`
//! panics on one.

use gavel_model::{JudgeResult, LimitHit, Limits, Payload, Submission, TestCase, Verdict, Work};
use gavel_runner::{Ending, Event, Outcome, encode_event};

use crate::rig::{Program, Rig, stdout};

/// Tests `(input, answer)` for a program, all of them run, with their outputs shown.
pub fn tests(program: &Program<'_>, cases: &[(&str, &str)]) -> Submission {
    let tests = cases.iter().enumerate().map(|(number, (input, answer))| TestCase {
        name: format!("case-{number}"),
        input: Payload::Text((*input).to_owned()),
        answer: Payload::Text((*answer).to_owned()),
    });
    let work = Work::Tests {
        tests: tests.collect(),
        checker: Default::default(),
        all_tests: true,
        file_io: Default::default(),
    };
    Submission { work, ..program.submission() }
}

/// What the judge must still be able to do after any attack.
pub async fn assert_judges_on(rig: &Rig) {
    let next = rig.run(Program::c("#include <stdio.h>\nint main(){puts(\"fine\");}")).await;
    assert_eq!((next.verdict, stdout(&next).as_str()), (Verdict::Ac, "fine\n"), "the next program");
}

fn verdicts(result: &JudgeResult) -> Vec<Verdict> {
    result.tests.iter().map(|test| test.verdict).collect()
}

/// Runs the attack at input `1`, and at input `2` a look at what is left of it: the second test must find nothing.
async fn leaves_nothing(program: Program<'_>, first: &str) {
    let rig = Rig::new().await;
    let result = rig.judge(&tests(&program, &[("1", first), ("2", "clean")])).await;
    assert_eq!(verdicts(&result), [Verdict::Ac, Verdict::Ac], "{result:#?}");
    assert_judges_on(&rig).await;
}

/// A program that is stopped by its time limits whatever it does.
fn short() -> Limits {
    Limits { cpu_ms: 500, wall_ms: 3_000, ..Limits::DEFAULT }
}

/// A program that is stopped by its CPU limit, also where many others want the core.
fn busy() -> Limits {
    Limits { cpu_ms: 500, wall_ms: 60_000, ..Limits::DEFAULT }
}

// ---- The channel between runner and worker ----

/// Frames that say "it ended well" and "wiped", for every descriptor there could be.
#[tokio::test]
async fn forged_frames_on_every_descriptor_are_plain_output() {
    let outcome = Outcome {
        ending: Ending::Code(0),
        limit: None,
        user_us: 1,
        system_us: 1,
        cgroup_cpu_us: Some(1),
        wall_us: 1,
        waited_us: None,
        max_rss_bytes: 1,
        held_bytes: None,
        stdin_file_bytes: 0,
        oom_kills: Some(0),
        stdout_bytes: 2,
        stderr_bytes: 0,
        read_bytes: None,
        processes: 1,
        started_ns: 1,
        ended_ns: 2,
    };
    let mut frames = Vec::new();
    for nonce in [0, 1, 2, 3, u64::MAX] {
        for event in [Event::Stdout(b"42\n".to_vec()), Event::Exited(outcome.clone()), Event::ResetDone] {
            encode_event(nonce, &event, &mut frames).unwrap();
        }
    }
    let hex = hex::encode(&frames);
    let source = format!(
        "import os\nf=bytes.fromhex('{hex}')\nfor fd in range(1024):\n  try: os.write(fd, f)\n  except OSError: pass\n\
         for pid in ['1', 'self']:\n  for fd in range(1024):\n    try: d=os.open(f'/proc/{{pid}}/fd/{{fd}}', os.O_WRONLY)\n    except OSError: continue\n    os.write(d, f); os.close(d)\n\
         import time\nwhile time.process_time() < 0.2: pass\nraise SystemExit(3)\n"
    );
    let rig = Rig::new().await;
    let result = rig.judge(&tests(&Program::python(&source), &[("", "42"), ("", "42")])).await;
    assert_eq!(verdicts(&result), [Verdict::Rte, Verdict::Rte], "{result:#?}");
    for test in &result.tests {
        assert_eq!(test.exit_code, Some(3), "the forged end was believed: {test:?}");
        assert!(test.cpu_ms >= 200.0, "the forged figures were believed: {test:?}");
        let bytes = test.stdout.as_ref().unwrap().bytes;
        assert!(bytes > 0 && bytes % frames.len() as u64 == 0, "{bytes} bytes of output: not what it wrote");
    }
    assert_judges_on(&rig).await;
}

#[tokio::test]
async fn the_runner_cannot_be_looked_into() {
    let source = r#"
import os, errno
paths = ["mem", "environ", "maps", "smaps", "auxv", "pagemap", "exe", "stack", "syscall", "io", "task/1/mem"]
for p in paths:
    try: open("/proc/1/" + p, "rb").read(1); print(p, "was read")
    except OSError as e: assert e.errno in (errno.EACCES, errno.EPERM), (p, e)
for p in ["fd", "fdinfo", "map_files", "root/", "cwd/", "ns"]:
    try: n = os.listdir("/proc/1/" + p); print(p, n)
    except OSError as e: assert e.errno in (errno.EACCES, errno.EPERM), (p, e)
for p in ["mem", "fd/0", "fd/1", "oom_score_adj", "comm", "clear_refs", "coredump_filter", "timerslack_ns"]:
    try: os.write(os.open("/proc/1/" + p, os.O_WRONLY), b"1"); print(p, "was written")
    except OSError as e: assert e.errno in (errno.EACCES, errno.EPERM, errno.ENOENT), (p, e)
print("closed")
"#;
    let report = Rig::new().await.run(Program::python(source)).await;
    assert_eq!((report.verdict, stdout(&report).as_str()), (Verdict::Ac, "closed\n"), "{report:?}");
}

#[tokio::test]
async fn no_signal_harms_the_runner() {
    let source = r#"
        #include <signal.h>
        #include <stdio.h>
        #include <unistd.h>
        int main(){ for(int round=0;round<50;round++) for(int s=1;s<=64;s++) kill(1,s);
          for(int s=1;s<=64;s++) { union sigval v={.sival_int=7}; sigqueue(1,s,v); }
          for(int s=1;s<=64;s++) kill(-1,s);
          puts("still judged"); return 5; }
    "#;
    let rig = Rig::new().await;
    let result = rig.judge(&tests(&Program::c(source), &[("", "still judged"), ("", "still judged")])).await;
    assert_eq!(verdicts(&result), [Verdict::Rte, Verdict::Rte], "{result:#?}");
    assert!(result.tests.iter().all(|test| test.exit_code == Some(5)), "{result:#?}");
    assert_judges_on(&rig).await;
}

#[tokio::test]
async fn stopping_the_parent_and_oneself_is_a_time_limit() {
    let source = r#"
        #include <signal.h>
        #include <unistd.h>
        int main(){ kill(getppid(),SIGSTOP); kill(1,SIGSTOP); raise(SIGSTOP); for(;;) pause(); }
    "#;
    let rig = Rig::new().await;
    let report = rig.run(Program::c(source).limits(short())).await;
    assert_eq!((report.verdict, report.limit), (Verdict::Tle, Some(LimitHit::Wall)), "{report:?}");
    assert!(report.wall_ms < 4_000.0, "late: {report:?}");
    assert_judges_on(&rig).await;
}

// ---- From one test to the next ----

#[tokio::test]
async fn a_daemon_is_gone_before_the_next_test() {
    let source = r#"
import os, sys
if input() == "1":
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.setsid()
            for s in range(1, 65):
                try: __import__("signal").signal(s, lambda *a: None)
                except (OSError, ValueError): pass
            while True:
                for p in ("/tmp/mark", "/app/work/mark", "/dev/shm/mark", "/app/work/main.py"):
                    try: open(p, "w").write("print('evil')")
                    except OSError: pass
        os._exit(0)
    while not os.path.exists("/tmp/mark"): pass
    print("planted True")
else:
    # A signal to every process but itself and the runner: there is none to get it.
    try: os.kill(-1, 0); print("somebody is there")
    except ProcessLookupError: pass
    others = [p for p in os.listdir("/proc") if p.isdigit() and int(p) not in (1, os.getpid())]
    marks = [p for p in ("/tmp/mark", "/app/work/mark", "/dev/shm/mark") if os.path.exists(p)]
    print("clean" if not others and not marks else (others, marks))
"#;
    leaves_nothing(Program::python(source), "planted True").await;
}

#[tokio::test]
async fn what_one_test_leaves_the_next_does_not_find() {
    let source = r#"
import os, socket, fcntl
places = ["/tmp", "/tmp/out", "/app/work", "/dev/shm", "/dev/mqueue", "/var/tmp", "/run/lock", "/dev"]
user_site = "/tmp/.local/lib/python3.13/site-packages"
def listing():
    found = []
    for place in places[:5]:
        for folder, folders, files in os.walk(place):
            found += [os.path.join(folder, name) for name in folders + files]
    return sorted(found)
before = ["/app/work/main.py", "/tmp/out"]
which = input()
now = listing()
if now != before: print("found", now)
elif which == "1":
    for place in places:
        try: open(place + "/left", "w").write("secret of test one")
        except OSError: pass
        try: os.symlink("/etc/passwd", place + "/link"); os.mkfifo(place + "/fifo"); os.mkdir(place + "/d")
        except OSError: pass
    os.makedirs(user_site)
    open(user_site + "/usercustomize.py", "w").write("print('evil')")
    s = socket.socket(socket.AF_UNIX); s.bind("\0abstract"); s.listen()
    if os.fork() == 0: import time; time.sleep(100)
    print("left", len(listing()) > 15)
else:
    s = socket.socket(socket.AF_UNIX)
    try: s.connect("\0abstract"); print("a socket of the test before answers")
    except ConnectionRefusedError: print("clean")
"#;
    leaves_nothing(Program::python(source), "left True").await;
}

#[tokio::test]
async fn shared_memory_and_queues_cannot_be_had() {
    let source = r#"
        #include <errno.h>
        #include <fcntl.h>
        #include <mqueue.h>
        #include <stdio.h>
        #include <sys/ipc.h>
        #include <sys/msg.h>
        #include <sys/sem.h>
        #include <sys/shm.h>
        static void say(int done){ printf("%s\n", done<0 ? (errno==EPERM ? "refused" : "odd") : "DONE"); }
        int main(){ say(shmget(7,4096,IPC_CREAT|0666)); say(msgget(7,IPC_CREAT|0666)); say(semget(7,1,IPC_CREAT|0666));
          say(mq_open("/q",O_CREAT|O_RDWR,0666,0)); }
    "#;
    let report = Rig::new().await.run(Program::c(source)).await;
    assert_eq!(stdout(&report), "refused\n".repeat(4), "{report:?}");
}

#[tokio::test]
async fn an_overwritten_binary_is_the_original_in_the_next_test() {
    let source = r#"
        #include <stdio.h>
        #include <sys/stat.h>
        #include <unistd.h>
        int main(){ int n; if(scanf("%d",&n)!=1) return 9; if(n==2){ puts("clean"); return 0; }
          unlink("/tmp/out/main"); FILE*f=fopen("/tmp/out/main","w"); fputs("\x23!/bin/sh\necho evil\n",f); fclose(f);
          chmod("/tmp/out/main",0755); symlink("/bin/echo","/tmp/out/main2"); chmod("/tmp/out",0500); puts("replaced"); }
    "#;
    leaves_nothing(Program::c(source), "replaced").await;
}

#[tokio::test]
async fn a_binary_overwritten_in_place_is_the_original_in_the_next_test() {
    // A running file cannot be written to, so the program first becomes a shell.
    let source = r#"
        #include <stdio.h>
        #include <unistd.h>
        int main(){ int n; if(scanf("%d",&n)!=1) return 9; if(n==2){ puts("clean"); return 0; }
          execl("/bin/sh","sh","-c","ln /tmp/out/main /tmp/hard && cat /bin/echo > /tmp/hard && echo replaced",(char*)0); return 8; }
    "#;
    leaves_nothing(Program::c(source), "replaced").await;
}

#[tokio::test]
async fn an_overwritten_script_is_the_original_in_the_next_test() {
    let source = "import os\nif input() == '1':\n  open('main.py','w').write('print(\"evil\")')\n  open('os.py','w').write('print(\"evil\")')\n  print('replaced')\nelse: print('clean')\n";
    leaves_nothing(Program::python(source), "replaced").await;
}

#[tokio::test]
async fn a_deep_tree_and_every_inode_are_wiped() {
    let source = r#"
import os
if input() == "1":
    for place in ("/tmp", "/app/work", "/dev/shm"):
        os.chdir(place); deep = 0
        try:
            while deep < 3000: os.mkdir("d"); os.chdir("d"); deep += 1
        except OSError: pass
        os.chdir(place); n = 0
        try:
            while n < 20000: open("f%d" % n, "w").close(); n += 1
        except OSError: pass
        os.chmod(place + "/d", 0)
        os.chmod(place, 0)
    print("full", n < 20000)
else:
    os.chdir("/tmp")
    for n in range(5000): open("g%d" % n, "w").close()
    print("clean")
"#;
    leaves_nothing(Program::python(source).limits(Limits { cpu_ms: 5_000, ..Limits::DEFAULT }), "full True")
        .await;
}

#[tokio::test]
async fn a_full_disk_is_empty_in_the_next_test() {
    let source = r#"
import os
def fill(path):
    n = 0
    try:
        with open(path, "wb", buffering=0) as f:
            while n < 100: f.write(b"x" * 1048576); n += 1
    except OSError as e: pass
    return n
os.chdir("/app/work")
if input() == "1":
    import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    print("full", fill("/tmp/big") < 100, fill("/dev/shm/big") < 100)
else: print("clean" if fill("/dev/shm/y") in (15, 16) else "still full")
"#;
    leaves_nothing(Program::python(source), "full True True").await;
}

#[tokio::test]
async fn a_test_sees_nothing_of_the_others_nor_of_the_answers() {
    let source = r#"
import os, sys
print(dict(os.environ), sys.argv, os.getcwd(), open("/proc/1/cmdline").read(), os.uname())
for place in ("/app/work", "/tmp", "/dev/shm", "/dev/mqueue"):
    for folder, folders, files in os.walk(place): print(folder, folders, files)
for name in ("cmdline", "environ", "mounts", "cgroup", "status", "mountinfo"): print(open("/proc/self/" + name).read())
for name in ("/proc/mounts", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf"): print(open(name).read())
sys.stdout.write(sys.stdin.read())
"#;
    let rig = Rig::new().await;
    let submission =
        tests(&Program::python(source), &[("one-in-7f3a", "one-ans-7f3a"), ("two-in-7f3a", "two-ans-7f3a")]);
    let result = rig.judge(&submission).await;
    assert_eq!(verdicts(&result), [Verdict::Wa, Verdict::Wa]);
    let id = submission.id.to_string();
    let secrets = ["ans-7f3a", "case-0", "case-1", id.as_str(), rig.config.worker.id.as_str()];
    for (test, other) in result.tests.iter().zip(["two-in", "one-in"]) {
        let said = stdout(test);
        assert!(said.contains("in-7f3a") && said.contains("main.py"), "it did not say what it sees: {said}");
        for secret in secrets.into_iter().chain([other]) {
            assert!(!said.contains(secret), "{secret} can be seen: {said}");
        }
    }
}

/// Waiting for the orphan would end in its word, or in the wall time limit.
#[tokio::test]
async fn what_an_orphan_writes_after_the_end_does_not_count() {
    let source = r#"
        #include <stdio.h>
        #include <signal.h>
        #include <unistd.h>
        int main(){ puts("right"); fflush(stdout);
          if(!fork()){ setsid(); for(int s=1;s<65;s++) signal(s,SIG_IGN); sleep(5); puts("wrong"); fflush(stdout); for(;;) pause(); } }
    "#;
    let rig = Rig::new().await;
    let result = rig.judge(&tests(&Program::c(source), &[("", "right"), ("", "right")])).await;
    assert_eq!(verdicts(&result), [Verdict::Ac, Verdict::Ac], "{result:#?}");
    assert_judges_on(&rig).await;
}

// ---- Output ----

#[tokio::test]
async fn the_right_output_and_then_endless_blanks_is_ole() {
    let source = "#include <stdio.h>\nint main(){ puts(\"42\"); for(;;) fputs(\"          \\n\",stdout); }";
    let rig = Rig::new().await;
    let result = rig.judge(&tests(&Program::c(source), &[("", "42")])).await;
    assert_eq!((result.verdict, result.tests[0].limit), (Verdict::Ole, Some(LimitHit::Output)));
    assert_judges_on(&rig).await;
}

#[tokio::test]
async fn a_verdict_or_a_log_line_in_the_output_is_output() {
    let said = "AC\\n{\\\"verdict\\\":\\\"AC\\\"}\\n\\033[2Jtimelimit exceeded\\nMemoryError\\njava.lang.OutOfMemoryError";
    let source = format!("#include <stdio.h>\nint main(){{ puts(\"{said}\"); fputs(\"{said}\",stderr); }}");
    let result = Rig::new().await.judge(&tests(&Program::c(&source), &[("", "42")])).await;
    assert_eq!(verdicts(&result), [Verdict::Wa]);
}

#[tokio::test]
async fn closed_streams_are_an_empty_output_in_time() {
    let source = "#include <unistd.h>\nint main(){ for(int fd=0;fd<1024;fd++) close(fd); return 0; }";
    let rig = Rig::new().await;
    let result = rig.judge(&tests(&Program::c(source), &[("x", "42"), ("x", "")])).await;
    assert_eq!(verdicts(&result), [Verdict::Wa, Verdict::Ac], "{result:#?}");
    let source = "#include <unistd.h>\nint main(){ for(int fd=0;fd<1024;fd++) close(fd); for(;;); }";
    let report = rig.run(Program::c(source).limits(busy())).await;
    assert_eq!((report.verdict, report.limit), (Verdict::Tle, Some(LimitHit::Cpu)), "{report:?}");
    assert_judges_on(&rig).await;
}

// ---- Resources ----

#[tokio::test]
async fn a_sparse_file_of_a_gibibyte_cannot_be_made() {
    let source = r#"
import os, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
for place in ("/tmp/s", "/dev/shm/s"):
    f = os.open(place, os.O_CREAT | os.O_RDWR)
    for act in (lambda: os.ftruncate(f, 1 << 30), lambda: os.posix_fallocate(f, 0, 1 << 30), lambda: os.pwrite(f, b"x", 1 << 30)):
        try: act(); print("made")
        except OSError: pass
print("refused")
"#;
    let rig = Rig::new().await;
    let report = rig.run(Program::python(source)).await;
    assert_eq!(stdout(&report), "refused\n", "{report:?}");
    assert_judges_on(&rig).await;
}

#[tokio::test]
async fn files_over_the_memory_limit_are_mle_and_not_a_fault() {
    let source = "for p in ('/tmp/x','/app/work/x','/dev/shm/x'):\n  f=open(p,'wb',buffering=0)\n  try:\n    for i in range(64): f.write(b'x'*(1<<20))\n  except OSError: pass\nprint('held all')\n";
    let rig = Rig::new().await;
    let result = rig
        .judge(&tests(
            &Program::python(source).limits(Limits { memory_mb: 16, ..Limits::DEFAULT }),
            &[("", "held all"), ("", "held all")],
        ))
        .await;
    assert_eq!(verdicts(&result), [Verdict::Mle, Verdict::Mle], "{result:#?}");
    assert_judges_on(&rig).await;
}

#[tokio::test]
async fn a_large_binary_is_loaded_under_a_small_memory_limit_and_only_what_it_touches_counts() {
    let source = "#include <stdio.h>\nchar x[60<<20]={1};\nint main(){ puts(\"ran\"); return x[7]; }";
    let rig = Rig::new().await;
    let report = rig.run(Program::c(source).limits(Limits { memory_mb: 8, ..Limits::DEFAULT })).await;
    assert_eq!((report.verdict, stdout(&report).as_str()), (Verdict::Ac, "ran\n"), "{report:?}");
    let source = source.replace("puts(", "for(long i=0;i<60<<20;i+=4096) x[i]++; puts(");
    let report = rig.run(Program::c(&source).limits(Limits { memory_mb: 8, ..Limits::DEFAULT })).await;
    assert_eq!(report.verdict, Verdict::Mle, "{report:?}");
    assert_judges_on(&rig).await;
}

#[tokio::test]
async fn a_thread_bomb_ends_and_harms_nobody() {
    let source = r#"
        #include <pthread.h>
        #include <unistd.h>
        static void *spin(void *x){ pthread_t t; for(;;) pthread_create(&t,0,spin,x); }
        int main(){ spin(0); }
    "#;
    let rig = Rig::new().await;
    let report = rig.run(Program::c(source).limits(short())).await;
    assert_eq!(report.verdict, Verdict::Tle, "{report:?}");
    assert!(report.wall_ms < 4_000.0, "late: {report:?}");
    assert_judges_on(&rig).await;
}

#[tokio::test]
async fn a_bomb_of_sessions_that_ignore_every_signal_ends() {
    let source = r#"
        #include <signal.h>
        #include <unistd.h>
        int main(){ for(int s=1;s<65;s++) signal(s,SIG_IGN); for(;;) if(!fork()) setsid(); }
    "#;
    let rig = Rig::new().await;
    let report = rig.run(Program::c(source).limits(short())).await;
    assert_eq!(report.verdict, Verdict::Tle, "{report:?}");
    assert!(report.wall_ms < 4_000.0, "late: {report:?}");
    assert_judges_on(&rig).await;
}

#[tokio::test]
async fn descriptors_and_pipes_run_out_for_the_program_only() {
    let source = r#"
import os, errno
held = []
try:
    while True: held += os.pipe()
except OSError as e: assert e.errno == errno.EMFILE, e
for fd in held[1::2]:
    os.set_blocking(fd, False)
    try:
        while True: os.write(fd, b"x" * 65536)
    except BlockingIOError: pass
os.write(1, b"%d" % (len(held) > 900))
"#;
    let rig = Rig::new().await;
    let result = rig.judge(&tests(&Program::python(source), &[("", "1"), ("", "1")])).await;
    assert_eq!(verdicts(&result), [Verdict::Ac, Verdict::Ac], "{result:#?}");
    assert_judges_on(&rig).await;
}

#[tokio::test]
async fn a_program_that_becomes_itself_for_ever_is_a_time_limit() {
    let source = r#"
        #include <unistd.h>
        int main(int n, char**v, char**e){ volatile long i=0; while(i<1000000) i++; execve("/proc/self/exe",v,e); return 1; }
    "#;
    let rig = Rig::new().await;
    let report = rig.run(Program::c(source).limits(busy())).await;
    assert_eq!((report.verdict, report.limit), (Verdict::Tle, Some(LimitHit::Cpu)), "{report:?}");
    assert_judges_on(&rig).await;
}

// ---- The kernel ----

#[tokio::test]
async fn calls_that_reach_past_the_sandbox_are_refused() {
    let source = r#"
        #define _GNU_SOURCE
        #include <errno.h>
        #include <sched.h>
        #include <stdio.h>
        #include <string.h>
        #include <sys/mount.h>
        #include <sys/ptrace.h>
        #include <sys/socket.h>
        #include <sys/stat.h>
        #include <sys/syscall.h>
        #include <sys/sysmacros.h>
        #include <unistd.h>
        static void say(const char *what, long done, int wanted){
          int is=errno; if(done!=-1) printf("%s was allowed\n",what); else if(is!=wanted) printf("%s: %s\n",what,strerror(is)); errno=0; }
        #define SAY(wanted,call) say(#call,(long)(call),wanted)
        int main(){ char page[4096]={0};
          SAY(EAFNOSUPPORT,socket(AF_ALG,SOCK_SEQPACKET,0)); SAY(EAFNOSUPPORT,socket(AF_INET,SOCK_STREAM,0));
          SAY(EAFNOSUPPORT,socket(AF_INET6,SOCK_DGRAM,0)); SAY(EAFNOSUPPORT,socket(AF_VSOCK,SOCK_STREAM,0));
          SAY(EAFNOSUPPORT,socket(AF_NETLINK,SOCK_RAW,0)); SAY(EAFNOSUPPORT,socket(AF_PACKET,SOCK_RAW,0));
          SAY(EPERM,syscall(SYS_io_uring_setup,8,page)); SAY(EPERM,syscall(SYS_bpf,0,page,sizeof page));
          SAY(EPERM,syscall(SYS_perf_event_open,page,0,-1,-1,0)); SAY(EPERM,syscall(SYS_userfaultfd,0));
          SAY(EPERM,syscall(SYS_keyctl,0,-3,1)); SAY(EPERM,syscall(SYS_add_key,"user","a","b",1,-3));
          SAY(EPERM,unshare(CLONE_NEWUSER)); SAY(EPERM,unshare(CLONE_NEWNS)); SAY(EPERM,unshare(CLONE_NEWPID));
          SAY(EPERM,syscall(SYS_clone,CLONE_NEWUSER|17,0,0,0,0)); SAY(ENOSYS,syscall(SYS_clone3,page,64));
          SAY(EPERM,mount("none","/tmp","tmpfs",0,"")); SAY(EPERM,umount2("/tmp",MNT_DETACH)); SAY(EPERM,chroot("/tmp"));
          SAY(EPERM,ptrace(PTRACE_ATTACH,1,0,0)); SAY(EPERM,ptrace(PTRACE_SEIZE,1,0,0)); SAY(EPERM,ptrace(PTRACE_TRACEME,0,0,0));
          SAY(EPERM,syscall(SYS_process_vm_readv,1,page,1,page,1,0)); SAY(EPERM,syscall(SYS_process_vm_writev,1,page,1,page,1,0));
          SAY(EPERM,syscall(SYS_pidfd_getfd,3,0,0)); SAY(EPERM,syscall(SYS_kcmp,1,1,0,0,0));
          SAY(EPERM,syscall(SYS_open_by_handle_at,3,page,0)); SAY(EPERM,syscall(SYS_name_to_handle_at,-100,"/",page,page,0));
          SAY(EPERM,mknod("/tmp/sda",S_IFBLK|0600,makedev(8,0))); SAY(EPERM,setuid(0)); SAY(EPERM,setgid(0));
          SAY(EPERM,sethostname("x",1)); SAY(EPERM,syscall(SYS_reboot,0xfee1dead,672274793,0x1234567,0));
          SAY(EPERM,syscall(SYS_syslog,3,page,sizeof page)); SAY(EPERM,syscall(SYS_init_module,page,1,""));
          SAY(EPERM,syscall(SYS_sync)); SAY(EINVAL,syscall(SYS_vmsplice,1,page,1,0)); SAY(EPERM,syscall(SYS_fanotify_init,0,0));
          SAY(EPERM,syscall(SYS_personality,0x40000)); SAY(EPERM,syscall(SYS_setpriority,0,1,19));
          puts("nothing passed"); }
    "#;
    let report = Rig::new().await.run(Program::c(source)).await;
    assert_eq!(stdout(&report), "nothing passed\n", "{report:?}");
}

/// `socketcall` by way of `int 0x80`: what a filter of 64-bit calls alone would not see.
#[cfg(target_arch = "x86_64")]
#[tokio::test]
async fn calls_of_the_32_bit_kind_are_refused() {
    let source = r#"
        #include <stdio.h>
        #include <sys/wait.h>
        #include <unistd.h>
        static long call32(long n,long a,long b){ long r; __asm__ volatile("int $0x80":"=a"(r):"a"(n),"b"(a),"c"(b),"d"(0):"memory"); return r; }
        static const int args[3] __attribute__((section(".data")))={2,1,0};
        int main(){ long n[]={102,20,40}; for(int k=0;k<3;k++){ fflush(stdout);
            if(!fork()){ long r=call32(n[k],1,(long)args); if(r>=0) printf("%ld gave %ld\n",n[k],r); fflush(stdout); _exit(0); }
            int status; wait(&status); }
          /* x32: the same calls under other numbers. */
          if(!fork()){ long r=syscall(0x40000000+39); if(r>=0) printf("x32 gave %ld\n",r); fflush(stdout); _exit(0); } wait(0);
          puts("refused"); }
    "#;
    let report = Rig::new().await.run(Program::c(source)).await;
    assert_eq!(stdout(&report), "refused\n", "{report:?}");
}

#[tokio::test]
async fn nothing_of_proc_and_sys_can_be_written_and_little_read() {
    let source = r#"
import os
for p in ("/proc/sys/kernel/core_pattern", "/proc/sys/vm/drop_caches", "/proc/sysrq-trigger", "/proc/sys/kernel/ns_last_pid",
          "/sys/kernel/uevent_helper", "/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory.max",
          "/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/pids/cgroup.procs", "/proc/self/uid_map", "/dev/kmsg", "/dev/mem"):
    try: os.write(os.open(p, os.O_WRONLY), b"1"); print(p, "was written")
    except OSError: pass
for p in ("/proc/kcore", "/proc/kmsg", "/proc/keys", "/proc/timer_list", "/dev/mem", "/dev/sda", "/dev/vda", "/etc/shadow"):
    try:
        if open(p, "rb").read(1): print(p, "was read")
    except OSError: pass
print("refused")
"#;
    let report = Rig::new().await.run(Program::python(source)).await;
    assert_eq!(stdout(&report), "refused\n", "{report:?}");
}
