//! Options of a submission for its compiler.

use gavel_model::language::Languages;
use gavel_model::{Submission, Verdict};
use test_case::test_case;

use crate::rig::{Program, Rig, root, stdout};

fn with(program: &Program<'_>, options: &[&str]) -> Submission {
    let compiler_options = options.iter().map(|option| (*option).to_owned()).collect();
    Submission { compiler_options, ..program.submission() }
}

#[tokio::test]
async fn an_option_reaches_the_compiler_and_what_it_makes_is_kept_apart() {
    let rig = Rig::new().await;
    let source = "#include <stdio.h>\nint main(){\n#ifdef __OPTIMIZE__\nputs(\"fast\");\n#else\nputs(\"plain\");\n#endif\n}";
    let program = Program::c(source);
    for (options, said) in
        [(&[][..], "fast\n"), (&["-O0"][..], "plain\n"), (&["-O0", "-O2"][..], "fast\n"), (&[][..], "fast\n")]
    {
        let result = rig.judge(&with(&program, options)).await;
        assert_eq!(result.verdict, Verdict::Ac, "{options:?}: {result:#?}");
        assert_eq!(stdout(&result.tests[0]), said, "{options:?}");
    }
    let again = rig.judge(&with(&program, &["-O0"])).await;
    assert!(again.compile.unwrap().cached);
    assert_eq!(stdout(&again.tests[0]), "plain\n");
}

#[tokio::test]
async fn checked_arithmetic_can_be_asked_for() {
    let rig = Rig::new().await;
    let source = "fn main(){let n=std::env::args().count() as u8;println!(\"{}\",(n+254)+n);}";
    let program = Program::new("rust", source);
    assert_eq!(rig.judge(&with(&program, &[])).await.verdict, Verdict::Ac);
    assert_eq!(rig.judge(&with(&program, &["-Coverflow-checks=on"])).await.verdict, Verdict::Rte);
}

#[test_case("c", "int main(void) { return 0; }\n")]
#[test_case("cpp", "int main() { return 0; }\n")]
#[test_case("cpp17", "int main() { return 0; }\n")]
#[test_case("cpp23", "int main() { return 0; }\n")]
#[test_case("rust", "fn main() {}\n")]
#[tokio::test]
async fn the_compiler_knows_every_option_that_is_listed_for(language: &str, source: &str) {
    let languages = Languages::load(&root().join("images")).unwrap();
    let options = languages.get(language).unwrap().allowed_options();
    assert!(options.len() > 5, "{options:?}");
    let submission =
        Submission { compiler_options: options.to_vec(), ..Program::new(language, source).submission() };
    let result = Rig::new().await.judge(&submission).await;
    assert_eq!(result.verdict, Verdict::Ac, "{result:#?}");
    let said = result.compile.unwrap().output;
    assert!(!said.contains("unknown") && !said.contains("unrecognized"), "{said}");
}

#[test_case("c", "-fplugin=/tmp/x.so"; "a compiler that loads code")]
#[test_case("c", "-O0 "; "not the same word")]
#[test_case("c", "-o"; "another output")]
#[test_case("python", "-O0"; "a language without options")]
#[tokio::test]
async fn an_option_that_came_past_the_api_is_not_taken(language: &str, option: &str) {
    let rig = Rig::new().await;
    let slot = rig.host.slots.get().await.unwrap();
    let submission = with(&Program::new(language, ""), &[option]);
    let fault = rig.host.judge.judge(&submission, 1, &slot, &mut |_| ()).await.unwrap_err();
    assert!(fault.to_string().contains(&format!("{option:?}")), "{fault}");
    assert_eq!(fault.kind(), "compiler_option");
}
