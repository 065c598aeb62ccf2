//! Every language: a program that works, and one that the compiler refuses.

use gavel_model::Verdict;
use test_case::test_case;

use crate::rig::{Program, Rig, stdout};

#[test_case("c", "#include <stdio.h>\nint main(){int a,b;scanf(\"%d%d\",&a,&b);printf(\"%d\\n\",a+b);}")]
#[test_case("cpp", "#include <bits/stdc++.h>\nint main(){int a,b;std::cin>>a>>b;std::cout<<a+b<<std::endl;}")]
#[test_case(
    "cpp17",
    "#include <bits/stdc++.h>\nint main(){int a,b;std::cin>>a>>b;std::cout<<a+b<<std::endl;static_assert(__cplusplus==201703L);}"
)]
#[test_case(
    "cpp23",
    "#include <bits/stdc++.h>\nint main(){int a,b;std::cin>>a>>b;std::cout<<a+b<<std::endl;static_assert(__cplusplus>202002L);}"
)]
#[test_case("go", "package main\nimport \"fmt\"\nfunc main(){var a,b int;fmt.Scan(&a,&b);fmt.Println(a+b)}")]
#[test_case(
    "rust",
    "fn main(){let mut s=String::new();std::io::stdin().read_line(&mut s).unwrap();println!(\"{}\",s.split_whitespace().map(|x|x.parse::<i32>().unwrap()).sum::<i32>())}"
)]
#[test_case(
    "java",
    "import java.util.*;public class Sum{public static void main(String[] a){var s=new Scanner(System.in);System.out.println(s.nextInt()+s.nextInt());}}"
)]
#[test_case(
    "node",
    "const [a,b]=require('fs').readFileSync(0,'utf8').split(' ').map(Number);console.log(a+b)"
)]
#[test_case("python", "print(sum(map(int,input().split())))")]
#[tokio::test]
async fn a_sum_is_right_in(language: &str, source: &str) {
    let rig = Rig::new().await;
    let result = rig.judge(&Program::new(language, source).stdin("3 4\n").submission()).await;
    assert_eq!(result.verdict, Verdict::Ac, "{result:#?}");
    assert_eq!(stdout(&result.tests[0]), "7\n");
    assert!(result.compiler.as_deref().is_some_and(|version| !version.is_empty()), "{:?}", result.compiler);
    assert!(result.image.is_some_and(|image| image.starts_with("sha256:")));
}

#[test_case("c", "int main(){ return x; }", "x")]
#[test_case("cpp", "int main(){ return y; }", "y")]
#[test_case("go", "package main\nfunc main(){ z }", "z")]
#[test_case("rust", "fn main(){ w }", "w")]
#[test_case("java", "class Main{ void f(){ v } }", "v")]
#[test_case("node", "function (", "SyntaxError")]
#[test_case("python", "def (:\n", "SyntaxError")]
#[tokio::test]
async fn a_mistake_is_a_compile_error_that_says_where_in(language: &str, source: &str, said: &str) {
    let result = Rig::new().await.judge(&Program::new(language, source).submission()).await;
    assert_eq!(result.verdict, Verdict::Ce, "{result:#?}");
    assert!(result.tests.is_empty());
    let compile = result.compile.unwrap();
    assert!(compile.output.contains(said), "{}", compile.output);
    assert!(compile.exit_code.is_some_and(|code| code != 0));
}
