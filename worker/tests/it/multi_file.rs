//! Programs that are files alone, with scripts that compile and run them.

use gavel_model::{FileName, Payload, SourceFile, Submission, Verdict};
use test_case::test_case;

use crate::rig::{Program, Rig, stdout};

const BUILD: &str = "gcc -o program main.c lib/twice.c";
const MAIN: &str = "#include <stdio.h>\nint twice(int);\nint main(){int n;if(scanf(\"%d\",&n)==1)printf(\"%d\\n\",twice(n));return n;}";

#[test_case(&[("compile", BUILD), ("main.c", MAIN), ("lib/twice.c", "int twice(int n){return 2*n;}"), ("run", "./program && echo none\necho \"code $? args $*\"")], Verdict::Ac, "42\ncode 21 args a b\n"; "what is compiled is run")]
#[test_case(&[("compile.sh", "echo made > made"), ("compile", "exit 1"), ("run.sh", "cat made"), ("run", "exit 1")], Verdict::Ac, "made\n"; "names with an extension come first")]
#[test_case(&[("run", "exec python3 -c 'print(int(input()) + 1)'")], Verdict::Ac, "22\n"; "nothing to compile")]
#[test_case(&[("compile", "echo oh; exit 3"), ("run", "")], Verdict::Ce, ""; "a compilation that fails")]
#[test_case(&[("main.c", MAIN)], Verdict::Rte, ""; "nothing to run")]
#[tokio::test]
async fn scripts_compile_and_run(files: &[(&str, &str)], verdict: Verdict, printed: &str) {
    let rig = Rig::with(|settings| settings.languages.set = "multi-file".to_owned()).await;
    let source = |(name, text): &(&str, &str)| SourceFile {
        name: FileName::try_from((*name).to_owned()).unwrap(),
        content: Payload::Text((*text).to_owned()),
    };
    let program = Program::new("multi-file", "").stdin("21\n").submission();
    let args = vec!["a".to_owned(), "b".to_owned()];
    let files = files.iter().map(source).collect();
    let result = rig.judge(&Submission { files, args, ..program }).await;
    assert_eq!(result.verdict, verdict, "{result:#?}");
    match verdict {
        Verdict::Ce => assert_eq!(result.compile.unwrap().output.trim(), "oh"),
        Verdict::Rte => assert_eq!(result.tests[0].exit_code, Some(127)),
        _ => assert_eq!(stdout(&result.tests[0]), printed),
    }
}
