//! `work` and its checker as they are described: which fields go with which kind. They are read as flat objects
//! (`super::work`, `super::checker`), so that unknown fields are seen; a test holds the two against each other.

use gavel_problem::checker::FloatGrammar;
use serde::Deserialize;
use utoipa::ToSchema;

use super::work::TestRequest;
use crate::http::bytes::BytesBody;

/// What to do with a program.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(dead_code, reason = "it describes what `WorkBody` reads")]
pub enum WorkRequest {
    /// One run with one standard input.
    Run {
        /// Standard input; empty if left out.
        stdin: Option<BytesBody>,
        /// When given, the output is compared with it.
        expected_output: Option<BytesBody>,
        /// How it is compared; without it, token by token. Only with `expected_output`.
        checker: Option<CheckerRequest>,
        /// The file of the working directory in which the program finds the input; standard input is then empty.
        #[schema(example = "input.txt")]
        input_file: Option<String>,
        /// The file of the working directory in which the program leaves its output; what it writes to standard output
        /// is then not looked at.
        #[schema(example = "output.txt")]
        output_file: Option<String>,
    },
    /// Test cases that travel with the submission.
    Tests {
        /// The cases, in order.
        tests: Vec<TestRequest>,
        /// How outputs are compared; without it, token by token.
        checker: Option<CheckerRequest>,
        /// Judge on after the first failure.
        all_tests: Option<bool>,
        /// The file of the working directory in which the program finds the input; standard input is then empty.
        #[schema(example = "input.txt")]
        input_file: Option<String>,
        /// The file of the working directory in which the program leaves its output; what it writes to standard output
        /// is then not looked at.
        #[schema(example = "output.txt")]
        output_file: Option<String>,
    },
    /// A stored problem package.
    Problem {
        /// `id`, or `id@sha256` for one version of it; 12 digits of the hash are enough.
        problem: String,
        /// Judge on after the first failure.
        all_tests: Option<bool>,
    },
}

/// How outputs are compared.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(dead_code, reason = "it describes what `CheckerBody` reads")]
pub enum CheckerRequest {
    /// Token by token, as the default output validator of the problem package format does.
    Tokens {
        /// Letters must match in case. Without it ASCII letters match in either case.
        case_sensitive: Option<bool>,
        /// White space must match byte by byte, leading and trailing included.
        space_change_sensitive: Option<bool>,
        /// Stands for both tolerances; not beside one of them.
        #[schema(minimum = 0.0)]
        float_tolerance: Option<f64>,
        /// Numbers may differ by this much.
        #[schema(minimum = 0.0)]
        float_absolute_tolerance: Option<f64>,
        /// Numbers may differ by this share of the answer.
        #[schema(minimum = 0.0)]
        float_relative_tolerance: Option<f64>,
        /// Which spellings of a number count as one.
        float_grammar: Option<FloatGrammar>,
    },
    /// Byte by byte, the last line feed included.
    Exact,
    /// Line by line, without white space at the end of a line and of the whole.
    Lines,
    /// Not at all: every output is right.
    Nothing,
}
