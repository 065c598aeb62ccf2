//! Commands that ask a running Gavel.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use gavel_testkit::eventually;
use serde_json::Value;

use crate::packages::{PROBLEM, package};
use crate::process::{Gavel, binary};
use crate::up::up;

/// `gavel ARGUMENTS` asking a service, in a folder with programs, with this on standard input.
async fn gavel(gavel: &Gavel, folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(binary());
    command.args(arguments).current_dir(folder).env("GAVEL_URL", gavel.url());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let input = input.to_owned();
    tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(&input).unwrap();
        child.wait_with_output().unwrap()
    })
    .await
    .unwrap()
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// A package with one test.
fn doubling(answer: &str) -> Vec<u8> {
    package([("1".to_owned(), b"2\n".to_vec(), answer.as_bytes().to_vec())].into_iter())
}

#[tokio::test]
async fn people_run_submit_and_look_from_a_shell() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("upper.py", "import sys\nsys.stdout.write(sys.argv[1] + sys.stdin.read().upper())\n");
    write("bytes.py", "import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])\n");
    write("bad.py", "import sys\nprint('so far', flush=True)\nsys.exit('no more')\n");
    write("loop.py", "while True: pass\n");
    write("wrong.c", "int main() { return x; }\n");
    let id = format!("commands-{}", uuid::Uuid::new_v4().simple());
    let service = up(folder.path(), &id).await;
    let ask = async |arguments: &[&str], input: &[u8]| gavel(&service, folder.path(), arguments, input).await;

    let (code, out, err) = said(&ask(&["run", "upper.py", "--", "-a "], b"hello").await);
    assert_eq!((code, out.as_str(), err.as_str()), (Some(0), "-a HELLO", ""));
    let output = ask(&["run", "bytes.py"], b"\xff\x00a").await;
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), &b"a\x00\xff"[..]));
    let (code, out, err) = said(&ask(&["run", "bad.py"], b"").await);
    assert_eq!((code, out.as_str()), (Some(11), "so far\n"));
    assert_eq!(err, "no more\ngavel: RTE: exit code 1\n");
    let (code, _, err) = said(&ask(&["run", "loop.py", "--cpu-ms", "100"], b"").await);
    assert_eq!((code, err.as_str()), (Some(12), "gavel: TLE: limit cpu\n"));
    let (code, out, err) = said(&ask(&["run", "wrong.c"], b"").await);
    assert_eq!((code, out.as_str()), (Some(10), ""));
    assert!(err.contains("wrong.c") && err.ends_with("gavel: CE\n"), "{err}");
    let (code, _, err) = said(&ask(&["run", "no.py"], b"").await);
    assert_eq!((code, err.lines().count()), (Some(1), 1), "{err}");
    let (code, _, err) = said(&ask(&["run", "upper.py", "--language", "klingon"], b"").await);
    assert!(code == Some(1) && err.contains("language") && err.contains("klingon"), "{err}");

    let (code, out, err) = said(&ask(&["submit", "wrong.c", "--watch"], b"").await);
    assert!(code == Some(10) && out.contains("error") && out.ends_with("CE\n"), "{out}{err}");
    let (code, out, err) = said(&ask(&["submit", "bytes.py", "--watch", "--json"], b"").await);
    let result: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}"));
    assert_eq!((code, result["verdict"].as_str()), (Some(0), Some("AC")));
    let (code, out, _) = said(&ask(&["submit", "bytes.py", "--lane", "contest"], b"").await);
    assert_eq!((code, out.trim().parse::<uuid::Uuid>().is_ok()), (Some(0), true), "{out}");

    eventually("the worker is listed", async || said(&ask(&["workers"], b"").await).1.contains(&id)).await;
    let (code, out, _) = said(&ask(&["queues"], b"").await);
    assert!(code == Some(0) && out.contains("contest") && out.contains("slots busy"), "{out}");
    let (code, _, err) = said(&ask(&["top"], b"").await);
    assert!(code == Some(1) && err.contains("terminal"), "{err}");

    std::fs::write(folder.path().join("doubling.zip"), doubling("2\n")).unwrap();
    let (code, out, err) = said(&ask(&["problems", "put", "doubling.zip"], b"").await);
    assert!(
        code == Some(0) && out.starts_with("doubling: Doubling, 1 tests, 3000 ms (stated)\ndoubling@"),
        "{out}{err}"
    );
    write("double.py", "print(2 * int(input()))\n");
    let at_problem = ["submit", "double.py", "--problem", "doubling", "--watch"];
    let (code, out, err) = said(&ask(&at_problem, b"").await);
    assert_eq!(code, Some(15), "the answer is wrong: {out}{err}");
    write("doubling.d/problem.yaml", PROBLEM);
    write("doubling.d/data/secret/1.in", "2\n");
    let (code, _, err) = said(&ask(&["problems", "put", "doubling.d", "--id", "doubling"], b"").await);
    assert!(code == Some(1) && err.contains("data/secret/1.in: error: there is no 1.ans"), "{err}");
    write("doubling.d/data/secret/1.ans", "4\n");
    let (code, out, err) =
        said(&ask(&["problems", "put", "doubling.d", "--id", "doubling", "--json"], b"").await);
    let put: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}"));
    assert_eq!((code, &put["id"], &put["tests"]), (Some(0), &"doubling".into(), &1.into()));
    let (code, out, _) = said(&ask(&["problems", "list"], b"").await);
    assert!(code == Some(0) && out.contains("doubling") && out.contains("3000 ms"), "{out}");
    let (code, out, _) = said(&ask(&["problems", "show", "doubling"], b"").await);
    let shown: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, shown["versions"].as_array().unwrap().len()), (Some(0), 2), "{out}");
    let mended = ["rejudge", "start", "--problem", "doubling", "--verdict", "WA,RTE"];
    let (code, out, err) = said(&ask(&mended, b"").await);
    assert!(code == Some(0) && out.contains("1 of 1 have another verdict"), "{out}{err}");
    let rejudge = err.split([' ', ':']).nth(1).unwrap().to_owned();
    assert!(out.contains(&format!("gavel rejudge apply {rejudge}")), "{out}{err}");
    let verdicts = async || service.get("/api/v1/submissions?problem=doubling").await.1;
    assert!(verdicts().await.contains(r#""verdict":"WA""#), "nothing is applied");
    let (code, out, err) = said(&ask(&["rejudge", "apply", &rejudge, "--json"], b"").await);
    let applied: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}"));
    assert_eq!((code, &applied["state"], &applied["applied"]), (Some(0), &"applied".into(), &1.into()));
    assert!(verdicts().await.contains(r#""verdict":"AC""#), "applied");
    let (code, out, _) = said(&ask(&["rejudge", "show", &rejudge], b"").await);
    assert!(code == Some(0) && out.contains("WA") && !out.contains("rejudge apply"), "{out}");
    let (code, _, err) = said(&ask(&["rejudge", "cancel", &rejudge], b"").await);
    assert!(code == Some(1) && err.contains("applied"), "{err}");

    let (code, _, err) = said(&ask(&["problems", "rm", "doubling"], b"").await);
    assert!(code == Some(2) && err.contains("--yes"), "{err}");
    let (code, out, _) = said(&ask(&["problems", "rm", "doubling", "--yes"], b"").await);
    assert_eq!((code, out.as_str()), (Some(0), "doubling is forgotten\n"));
    let (code, _, err) = said(&ask(&["problems", "show", "doubling"], b"").await);
    assert!(code == Some(1) && err.contains("doubling"), "{err}");

    let (code, out, err) = said(&ask(&["drain", &id, "--wait"], b"").await);
    assert!(code == Some(0) && out.contains("drains") && out.ends_with("is done\n"), "{out}{err}");
    let (code, out, err) = said(&ask(&["submit", "bytes.py"], b"").await);
    assert_eq!(code, Some(0), "{err}");
    let waiting = format!("/api/v1/submissions/{}?wait=0.5", out.trim());
    assert!(service.get(&waiting).await.1.contains(r#""state":"queued""#), "a worker that drains took it");
    let (code, out, err) = said(&ask(&["drain", &id, "--undo"], b"").await);
    assert!(code == Some(0) && out.contains("takes submissions again"), "{out}{err}");
    let judged = waiting.replace("wait=0.5", "wait=30");
    assert!(service.get(&judged).await.1.contains(r#""verdict":"AC""#), "it takes nothing any more");
    let (code, _, err) = said(&ask(&["drain", "nobody"], b"").await);
    assert!(code == Some(1) && err.contains("no worker of this name"), "{err}");

    let (code, out, _) = said(&ask(&["dead", "list"], b"").await);
    assert_eq!((code, out.as_str()), (Some(0), "there are no dead letters\n"));
    let (code, _, err) = said(&ask(&["dead", "purge", "--all"], b"").await);
    assert!(code == Some(2) && err.contains("--yes"), "{err}");
    let (code, out, _) = said(&ask(&["dead", "purge", "--all", "--yes", "--json"], b"").await);
    assert_eq!((code, out.as_str()), (Some(0), "{\"purged\":0,\"more\":false}\n"));
    let (code, _, err) = said(&ask(&["dead", "replay", "0123456789abcdef"], b"").await);
    assert!(code == Some(1) && err.contains("no letter"), "{err}");

    let nobody = ["queues", "--url", "http://127.0.0.1:9"];
    let (code, _, err) = said(&ask(&nobody, b"").await);
    assert!(code == Some(1) && err.contains("is `gavel up` running"), "{err}");
}
