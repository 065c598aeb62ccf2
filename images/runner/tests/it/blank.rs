//! The proof that a sandbox is blank: each part of it notices what only it can notice. Programs cannot leave most of
//! this, as other protections are in the way; an intruder with more rights can.

use gavel_runner::{Command, Event, Root};

use crate::intruder::{Intruder, OWNER, ROOT, open_sandbox};
use crate::sandbox::{Sandbox, perl, program, shell};

/// Numbers of `setxattr` and `shmget`, `semget`, `msgget`.
const SETXATTR: u32 = if cfg!(target_arch = "x86_64") { 188 } else { 5 };
const SYSV: [u32; 3] = if cfg!(target_arch = "x86_64") { [29, 64, 68] } else { [194, 190, 186] };

/// What an intruder left keeps both borders closed, by this name.
fn is_noticed(user: &str, leave: &str, name: &str) {
    let mut sandbox = open_sandbox();
    assert_eq!(sandbox.ask(&Command::Blank), Event::BlankDone);
    Intruder::enter(&sandbox, user, leave).leave();
    for border in [Command::Reset, Command::Blank] {
        let what = sandbox.refuses(&border);
        assert!(what.contains(name), "{leave}: {what}");
    }
}

/// What an intruder holds keeps both borders closed while it does, and not longer.
fn is_noticed_while_held(hold: &str, name: &str) {
    let mut sandbox = open_sandbox();
    let intruder = Intruder::enter(&sandbox, ROOT, hold);
    for border in [Command::Reset, Command::Blank] {
        let what = sandbox.refuses(&border);
        assert!(what.contains(name), "{hold}: {what}");
    }
    intruder.leave();
    sandbox.reset();
    assert_eq!(sandbox.ask(&Command::Blank), Event::BlankDone);
}

#[test]
fn an_attribute_is_noticed() {
    for place in ["/tmp", "/app/work", "/dev/shm"] {
        let set = format!(
            "($p, $n, $v) = ('{place}', 'user.s', 'secret'); syscall({SETXATTR}, $p, $n, $v, 6, 0) == 0 or die $!"
        );
        is_noticed(OWNER, &set, &format!("attributes of {place}"));
    }
}

#[test]
fn an_access_list_is_noticed() {
    let list = "pack('V(vvV)4', 2, 1, 7, -1, 4, 0, -1, 16, 7, -1, 32, 0, -1)";
    for kind in ["default", "access"] {
        let set = format!(
            "($p, $n, $l) = ('/tmp', 'system.posix_acl_{kind}', {list}); syscall({SETXATTR}, $p, $n, $l, length $l, 0) == 0 or die $!"
        );
        let mut sandbox = open_sandbox();
        Intruder::enter(&sandbox, OWNER, &set).leave();
        let what = sandbox.refuses(&Command::Reset);
        assert!(what.contains("attributes of /tmp"), "{kind}: {what}");
    }
}

#[test]
fn a_flag_of_an_inode_is_noticed() {
    let set = "open F, '<', '/tmp' or die $!; $f = pack 'q', 0x40; ioctl(F, 0x40086602, $f) // die $!";
    is_noticed(OWNER, set, "flags of /tmp");
}

#[test]
fn another_owner_is_noticed() {
    is_noticed(OWNER, "chown 61234, 0, '/dev/shm' or die $!", "permissions of /dev/shm");
}

#[test]
fn a_name_that_cannot_be_removed_is_noticed() {
    is_noticed(ROOT, "mkdir '/tmp/d'; mkdir '/tmp/d/e' or die $!", "/tmp: ");
}

#[test]
fn a_file_without_a_name_is_noticed_by_its_space() {
    is_noticed_while_held(
        "open F, '>', '/tmp/f' or die $!; syswrite F, 'x' x 5000; unlink '/tmp/f'",
        "space of /tmp",
    );
}

#[test]
fn an_empty_file_without_a_name_is_noticed_by_its_inode() {
    is_noticed_while_held("open F, '>', '/tmp/f' or die $!; unlink '/tmp/f'", "inodes of /tmp");
}

#[test]
fn a_socket_is_noticed() {
    is_noticed_while_held("socket(S, 1, 1, 0) or die $!", "a socket");
}

#[test]
fn sysv_objects_are_noticed() {
    let [shm, sem, msg] = SYSV;
    is_noticed(ROOT, &format!("syscall({shm}, 7, 4096, 01666) >= 0 or die $!"), "a shared memory segment");
    is_noticed(ROOT, &format!("syscall({sem}, 7, 1, 01666) >= 0 or die $!"), "a semaphore set");
    is_noticed(ROOT, &format!("syscall({msg}, 7, 01666) >= 0 or die $!"), "a message queue");
}

#[test]
fn a_process_that_cannot_be_killed_is_noticed() {
    // Its parent has gone, so PID 1 is the one to take note of its end.
    let hold = "if (!fork) { if (!fork) { close STDOUT; sleep 1000 } exit } wait";
    is_noticed(ROOT, hold, "a process survives");
}

#[test]
fn memory_is_noticed_between_submissions() {
    let mut sandbox = open_sandbox();
    let intruder = Intruder::enter(&sandbox, ROOT, "$m = 'x' x (30 << 20)");
    assert_eq!(sandbox.ask(&Command::Reset), Event::ResetDone, "it is not looked at between tests");
    let what = sandbox.refuses(&Command::Blank);
    assert!(what.contains("bytes of memory"), "{what}");
    intruder.leave();
    assert_eq!(sandbox.ask(&Command::Blank), Event::BlankDone);
}

#[test]
fn a_blank_sandbox_has_forgotten_what_was_kept() {
    let mut sandbox = Sandbox::start();
    sandbox.put(Root::Tmp, "main", 0o755, true, &vec![b'#'; 20 << 20]);
    sandbox.reset();
    assert_eq!(sandbox.run(shell("wc -c < /tmp/main")).text(), "20971520\n");
    assert_eq!(sandbox.ask(&Command::Blank), Event::BlankDone);
    assert_eq!(sandbox.run(shell("find /tmp /app/work /dev/shm -mindepth 1")).text(), "/tmp/out\n");
    sandbox.reset();
    assert_eq!(sandbox.run(shell("find /tmp -mindepth 1")).text(), "/tmp/out\n", "nothing comes back");
    sandbox.put(Root::Tmp, "main", 0o755, true, b"#!/bin/sh\necho other\n");
    sandbox.reset();
    assert_eq!(sandbox.run(program(&["/tmp/main"])).text(), "other\n");
}

#[test]
fn a_border_ends_the_job_before_it() {
    for (border, done) in [(Command::Reset, Event::ResetDone), (Command::Blank, Event::BlankDone)] {
        let mut sandbox = Sandbox::start();
        let job = sandbox.begin(shell("echo x > /tmp/x; while :; do :; done"));
        let nonce = sandbox.nonce();
        sandbox.send(nonce, &border);
        let run = sandbox.finish(job);
        assert_eq!(run.outcome.limit, Some(gavel_runner::Limit::Killed));
        assert_eq!(sandbox.event(), (nonce, done));
        assert_eq!(sandbox.run(shell("find /tmp -mindepth 1")).text(), "/tmp/out\n");
    }
}

#[test]
fn times_of_the_places_are_those_of_the_beginning() {
    let mut sandbox = Sandbox::start();
    let times = || perl("print join ' ', map { (stat)[8, 9] } '/tmp', '/app/work', '/dev/shm'");
    let born = sandbox.run(times()).text();
    for border in [Command::Reset, Command::Blank] {
        sandbox.run(perl("utime 11, 22, '/tmp', '/app/work', '/dev/shm' or die $!; open F, '>/app/work/f'"));
        assert!(!matches!(sandbox.ask(&border), Event::Failed { .. }));
        assert_eq!(sandbox.run(times()).text(), born, "{border:?}");
    }
}

/// Prints the numbers that go on counting, as far as they may differ: of the process, of a new inode, and where a
/// directory remembers a new name.
const NUMBERS: &str = "print $$ % 256, ' '; for (['/tmp', 256], ['/app/work', 256], ['/dev/shm', 64]) {
    my ($p, $inodes) = @$_; open F, '>', qq($p/f) or die $!; print +(stat F)[1] % $inodes, ' ';
    opendir D, $p; readdir D; readdir D; print telldir(D) % ($inodes / 2), ' ' }";

#[test]
fn numbers_are_the_same_after_every_submission() {
    let mut sandbox = Sandbox::start();
    let first = sandbox.run(perl(NUMBERS)).text();
    for (processes, files) in [(0, 0), (3, 100), (200, 5)] {
        let use_some = format!(
            "for (1..{processes}) {{ if (!fork) {{ exit }} wait }}
             for (1..{files}) {{ for $p ('/tmp', '/app/work') {{ open F, '>', qq($p/$_) or die $! }} }}
             for (1..{files} / 10) {{ open F, '>', qq(/dev/shm/$_) or die $! }}"
        );
        assert_eq!(sandbox.run(perl(&use_some)).text(), "");
        assert_eq!(sandbox.ask(&Command::Blank), Event::BlankDone);
        assert_eq!(sandbox.run(perl(NUMBERS)).text(), first, "after {processes} processes and {files} files");
    }
}

#[test]
fn more_numbers_than_a_submission_may_use_are_noticed() {
    let file = |path: &str| format!("for (1..300) {{ open F, '>', '{path}' or die $!; unlink '{path}' }}");
    let links = "open F, '>', '/app/work/f'; for (1..200) { link '/app/work/f', '/app/work/g' or die $!; unlink '/app/work/g' }";
    for (script, name) in [
        ("for (1..300) { if (!fork) { exit } wait }", "more than 256 processes"),
        (&file("/tmp/out/f"), "more than 256 inodes of /tmp"),
        (&file("/dev/shm/f"), " of /dev/shm"),
        (links, "more than 128 names in /app/work"),
        (
            "for (1..40) { open F, '>', '/dev/shm/f' or die $!; unlink '/dev/shm/f' }",
            "more than 32 names in /dev/shm",
        ),
    ] {
        let mut sandbox = Sandbox::start();
        assert_eq!(sandbox.run(perl(script)).text(), "");
        let what = sandbox.refuses(&Command::Blank);
        assert!(what.contains(name) || what.contains("names in /dev/shm"), "{script}: {what}");
    }
}
