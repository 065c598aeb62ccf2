//! `work.checker`, as it is read: the options of every kind side by side.

use gavel_model::{Checker, CheckerOptions};
use gavel_problem::checker::FloatGrammar;
use serde::Deserialize;

use crate::intake::{Company, Field, Refusal, check_tolerance};

const CASE: &str = "case_sensitive";
const SPACE: &str = "space_change_sensitive";
const BOTH: &str = "float_tolerance";
const ABSOLUTE: &str = "float_absolute_tolerance";
const RELATIVE: &str = "float_relative_tolerance";
const GRAMMAR: &str = "float_grammar";

/// `super::described::CheckerRequest` tells which fields go together.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct CheckerBody {
    kind: Option<CheckerKind>,
    case_sensitive: Option<bool>,
    space_change_sensitive: Option<bool>,
    float_tolerance: Option<f64>,
    float_absolute_tolerance: Option<f64>,
    float_relative_tolerance: Option<f64>,
    float_grammar: Option<FloatGrammar>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CheckerKind {
    Tokens,
    Exact,
    Lines,
    Nothing,
}

impl CheckerBody {
    /// How outputs are to be compared.
    ///
    /// # Errors
    /// When the kind is missing, or options do not go with it or with each other.
    pub fn read(self) -> Result<Checker, Refusal> {
        match self.kind.ok_or(Refusal::Missing(Field::CheckerKind))? {
            CheckerKind::Tokens => self.options().map(Checker::Tokens),
            CheckerKind::Exact => self.without_options("exact").map(|()| Checker::Exact),
            CheckerKind::Lines => self.without_options("lines").map(|()| Checker::Lines),
            CheckerKind::Nothing => self.without_options("nothing").map(|()| Checker::Nothing),
        }
    }

    fn without_options(self, kind: &'static str) -> Result<(), Refusal> {
        match self.first_option() {
            Some(option) => Err(Refusal::Misplaced(Field::CheckerOption(option), Company::Checker(kind))),
            None => Ok(()),
        }
    }

    fn first_option(&self) -> Option<&'static str> {
        [
            (CASE, self.case_sensitive.is_some()),
            (SPACE, self.space_change_sensitive.is_some()),
            (BOTH, self.float_tolerance.is_some()),
            (ABSOLUTE, self.float_absolute_tolerance.is_some()),
            (RELATIVE, self.float_relative_tolerance.is_some()),
            (GRAMMAR, self.float_grammar.is_some()),
        ]
        .into_iter()
        .find_map(|(option, given)| given.then_some(option))
    }

    fn options(self) -> Result<CheckerOptions, Refusal> {
        check_tolerance(BOTH, self.float_tolerance)?;
        for (option, one) in
            [(ABSOLUTE, self.float_absolute_tolerance), (RELATIVE, self.float_relative_tolerance)]
        {
            if self.float_tolerance.is_some() && one.is_some() {
                return Err(Refusal::Both(Field::CheckerOption(BOTH), Field::CheckerOption(option)));
            }
        }
        Ok(CheckerOptions {
            case_sensitive: self.case_sensitive.unwrap_or_default(),
            space_change_sensitive: self.space_change_sensitive.unwrap_or_default(),
            float_absolute_tolerance: self.float_absolute_tolerance.or(self.float_tolerance),
            float_relative_tolerance: self.float_relative_tolerance.or(self.float_tolerance),
            float_grammar: self.float_grammar.unwrap_or_default(),
        })
    }
}
