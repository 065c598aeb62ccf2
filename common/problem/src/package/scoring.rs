//! Whether the groups' scores fit together (spec `2025-09`, "Result aggregation").

use super::diagnostic::Report;
use super::group_config::{Place, StatedScore};
use super::metadata::Metadata;
use crate::grade::{Aggregation, Child, Group, GroupRules, LegacyRules, ModernRules};

/// The rules of a `2025-09` group with the defaults of its place.
pub(super) fn modern_rules(place: Place, score: &StatedScore) -> ModernRules {
    let (max_score, aggregation) = match place {
        Place::Secret => (Some(100.0), Aggregation::Sum),
        Place::Root | Place::Sample | Place::Group => (None, Aggregation::PassFail),
    };
    ModernRules {
        max_score: score.max_score.unwrap_or(max_score),
        score_aggregation: score.aggregation.unwrap_or(aggregation),
        require_pass: score.require_pass.clone(),
    }
}

/// A `2023-07` package that states legacy's rules anywhere is graded by them everywhere.
pub(super) fn use_legacy(group: &mut Group) {
    if matches!(group.rules, GroupRules::Modern(_)) {
        group.rules = GroupRules::Legacy(LegacyRules::default());
    }
    for child in &mut group.children {
        if let Child::Group(inner) = child {
            use_legacy(inner);
        }
    }
}

/// Checks what one group file cannot tell alone.
pub(super) fn check(root: &Group, metadata: &Metadata, report: &mut Report) {
    if !metadata.kind.scoring {
        return;
    }
    let Some(secret) = groups(root).find(|group| group.name == "secret") else { return };
    let GroupRules::Modern(rules) = &secret.rules else { return };
    let place = |group: &Group| format!("data/{}", group.name);
    if rules.score_aggregation == Aggregation::PassFail && rules.max_score.is_none() {
        report.error(place(secret), None, "a pass-fail group needs a max_score");
    }
    let mut sum = 0.0;
    for group in groups(secret) {
        let GroupRules::Modern(own) = &group.rules else { continue };
        let pass_fail = own.score_aggregation == Aggregation::PassFail;
        match own.max_score {
            Some(max) => sum += max,
            None if pass_fail => report.error(place(group), None, "a pass-fail group needs a max_score"),
            None if rules.max_score.is_some() => {
                report.error(place(group), None, "a group of a secret with bounded score needs a max_score");
            }
            None => {}
        }
        if rules.score_aggregation == Aggregation::PassFail && !pass_fail {
            let message = "score_aggregation must be pass-fail, because that of secret is";
            report.error(place(group), None, message);
        }
        for required in &own.require_pass {
            let message = match groups(secret).find(|other| other.name == *required) {
                None if required != "sample" => format!("require_pass: there is no group {required}"),
                Some(Group { rules: GroupRules::Modern(rules), .. })
                    if rules.score_aggregation != Aggregation::PassFail =>
                {
                    format!("require_pass: {required} has no pass-fail aggregation")
                }
                _ => continue,
            };
            report.error(place(group), None, message);
        }
    }
    let summed = rules.score_aggregation == Aggregation::Sum && groups(secret).next().is_some();
    if let Some(max) = rules.max_score.filter(|max| summed && *max != sum) {
        let message = format!("the groups' max_score sum up to {sum}, that of secret is {max}");
        if sum > max {
            report.error(place(secret), None, message);
        } else {
            report.warning(place(secret), None, message);
        }
    }
}

fn groups(group: &Group) -> impl Iterator<Item = &Group> {
    group.children.iter().filter_map(|child| match child {
        Child::Group(group) => Some(group),
        Child::Test(_) => None,
    })
}
