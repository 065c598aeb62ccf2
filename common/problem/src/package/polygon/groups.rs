//! `groups` and points: in which order tests are judged, and what they are worth.

use std::collections::{BTreeMap, HashSet};

use super::super::diagnostic::Report;
use super::FILE;
use super::testset::Testset;
use super::xml::Element;
use crate::grade::{
    Child, Grading, Group, GroupPoints, GroupRules, LegacyRules, Objective, PointsRules, TestIndex,
};

/// More groups are refused.
const MAX_GROUPS: usize = 1_000;
/// The group around all.
const ALL: &str = "tests";

/// What is said of a group.
pub(super) struct StatedGroup {
    name: String,
    points: Option<f64>,
    complete: bool,
    requires: Vec<String>,
    line: u32,
}

/// Reads `groups`.
pub(super) fn stated_groups(groups: Element<'_>, report: &mut Report) -> Vec<StatedGroup> {
    groups.refuse_others(&["group"], report);
    if groups.all("group").nth(MAX_GROUPS).is_some() {
        report.error(FILE, Some(groups.line()), format!("groups: there are more than {MAX_GROUPS}"));
        return Vec::new();
    }
    let mut stated: Vec<StatedGroup> = Vec::new();
    for group in groups.all("group") {
        // Who shows results decides what contestants see: feedback-policy.
        group.refuse_other_attributes(&["name", "points", "points-policy", "feedback-policy"], report);
        group.refuse_others(&["dependencies"], report);
        let line = group.line();
        let name = group.attribute("name").unwrap_or_default().to_owned();
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b' ');
        if name.is_empty() || name.len() > 64 || !name.bytes().all(plain) {
            let message =
                format!("group: name must be 1 to 64 letters, digits, dots, dashes, spaces, not {name:?}");
            report.error(FILE, Some(line), message);
        }
        if stated.iter().any(|other| other.name == name) {
            report.error(FILE, Some(line), format!("group: {name} is there twice"));
        }
        let complete = match group.attribute("points-policy") {
            None | Some("each-test") => false,
            Some("complete-group") => true,
            Some(other) => {
                let message =
                    format!("group {name}: points-policy must be each-test or complete-group, not {other:?}");
                report.error(FILE, Some(line), message);
                false
            }
        };
        let dependencies = group.first("dependencies").into_iter().flat_map(|all| all.all("dependency"));
        let requires = dependencies.filter_map(|one| one.attribute("group")).map(str::to_owned).collect();
        stated.push(StatedGroup { points: group.points("points", report), name, complete, requires, line });
    }
    stated
}

/// How the tests are graded, and each one's place in the testset with its name, in the order of judging.
pub(super) fn grading(testset: &Testset, report: &mut Report) -> (Grading, Vec<(usize, String)>) {
    let worth = |points: Option<f64>| points.is_some_and(|points| points > 0.0);
    let scoring = testset.tests.iter().any(|test| worth(test.points))
        || testset.groups.iter().any(|group| worth(group.points));
    let grouped = Grouped::of(testset, report);
    let mut names = Vec::new();
    let (rules, children) =
        if scoring { grouped.scored(testset, &mut names, report) } else { flat(testset, &mut names) };
    let around = match &rules {
        GroupRules::Points(_) => points(GroupPoints::Each(Vec::new()), Vec::new()),
        other => other.clone(),
    };
    let inner = Group { name: ALL.to_owned(), rules, children };
    let root = Group { name: String::new(), rules: around, children: vec![Child::Group(inner)] };
    (Grading { scoring, objective: Objective::Max, root }, names)
}

fn points(points: GroupPoints, require_pass: Vec<String>) -> GroupRules {
    GroupRules::Points(PointsRules { points, require_pass, gates: false })
}

/// Where nothing has points every test must be passed, whatever its group.
fn flat(testset: &Testset, names: &mut Vec<(usize, String)>) -> (GroupRules, Vec<Child>) {
    let mut child = |index| {
        names.push((index, format!("{ALL}/{}", testset.input.number(index + 1))));
        Child::Test(TestIndex(index))
    };
    let children = (0..testset.tests.len()).map(&mut child).collect();
    (GroupRules::Legacy(LegacyRules::default()), children)
}

/// The tests of each group, and the order of groups: by their first test, but every group after those that it requires.
struct Grouped<'t> {
    groups: BTreeMap<&'t str, Vec<usize>>,
    /// Groups and tests without one.
    order: Vec<Item<'t>>,
    /// The groups in it.
    placed: HashSet<&'t str>,
}

#[derive(Clone, Copy)]
enum Item<'t> {
    Test(usize),
    Group(&'t str),
}

impl<'t> Grouped<'t> {
    fn of(testset: &'t Testset, report: &mut Report) -> Self {
        let mut grouped = Self { groups: BTreeMap::new(), order: Vec::new(), placed: HashSet::new() };
        for (index, test) in testset.tests.iter().enumerate() {
            let Some(group) = &test.group else { continue };
            let tests = grouped.groups.entry(group).or_default();
            if tests.is_empty() && !testset.groups.is_empty() && stated(testset, group).is_none() {
                let message = format!("test {}: groups has no group {group:?}", index + 1);
                report.error(FILE, Some(test.line), message);
            }
            tests.push(index);
        }
        if grouped.groups.len() > MAX_GROUPS {
            report.error(FILE, None, format!("tests: they are in more than {MAX_GROUPS} groups"));
            return Self { groups: BTreeMap::new(), ..grouped };
        }
        for group in &testset.groups {
            for required in group.requires.iter().filter(|name| stated(testset, name).is_none()) {
                let message = format!("group {}: dependencies: there is no group {required:?}", group.name);
                report.error(FILE, Some(group.line), message);
            }
        }
        for (index, test) in testset.tests.iter().enumerate() {
            match &test.group {
                Some(group) => grouped.visit(testset, group, &mut Vec::new(), report),
                None => grouped.order.push(Item::Test(index)),
            }
        }
        grouped
    }

    fn visit(&mut self, testset: &'t Testset, name: &'t str, above: &mut Vec<&'t str>, report: &mut Report) {
        if self.placed.contains(name) || !self.groups.contains_key(name) {
            return;
        }
        let group = stated(testset, name);
        if above.contains(&name) {
            let line = group.map(|group| group.line);
            report.error(FILE, line, format!("group {name}: its dependencies lead back to it"));
            return;
        }
        above.push(name);
        for required in group.into_iter().flat_map(|group| &group.requires) {
            self.visit(testset, required, above, report);
        }
        above.pop();
        self.order.push(Item::Group(name));
        self.placed.insert(name);
    }

    fn scored(
        &self,
        testset: &Testset,
        names: &mut Vec<(usize, String)>,
        report: &mut Report,
    ) -> (GroupRules, Vec<Child>) {
        let mut own = Vec::new();
        let mut children = Vec::new();
        let of_test = |index: usize| testset.tests[index].points.unwrap_or(0.0);
        let mut place = |index: usize, folder: &str| {
            names.push((index, format!("{folder}/{}", testset.input.number(index + 1))));
            Child::Test(TestIndex(names.len() - 1))
        };
        for item in &self.order {
            match *item {
                Item::Test(index) => {
                    own.push(of_test(index));
                    children.push(place(index, ALL));
                }
                Item::Group(name) => {
                    let tests = &self.groups[name];
                    let folder = format!("{ALL}/{name}");
                    let each: Vec<f64> = tests.iter().map(|index| of_test(*index)).collect();
                    let rules = group_rules(name, stated(testset, name), each, &self.groups, report);
                    let inner = tests.iter().map(|index| place(*index, &folder)).collect();
                    children.push(Child::Group(Group { name: folder, rules, children: inner }));
                }
            }
        }
        (points(GroupPoints::Each(own), Vec::new()), children)
    }
}

fn group_rules(
    name: &str,
    group: Option<&StatedGroup>,
    each: Vec<f64>,
    filled: &BTreeMap<&str, Vec<usize>>,
    report: &mut Report,
) -> GroupRules {
    let Some(group) = group else { return points(GroupPoints::Each(each), Vec::new()) };
    let summed: f64 = each.iter().sum();
    // A group without tests is passed.
    let required = group.requires.iter().filter(|required| filled.contains_key(required.as_str()));
    let required = required.map(|required| format!("{ALL}/{required}")).collect();
    let stated = group.points.unwrap_or(summed);
    if group.complete {
        return points(GroupPoints::All(stated), required);
    }
    if (stated - summed).abs() > 1e-9 {
        let message = format!(
            "group {name}: points is {stated}, and its tests have {summed} together: with points-policy each-test they \
             must be the same"
        );
        report.error(FILE, Some(group.line), message);
    }
    points(GroupPoints::Each(each), required)
}

fn stated<'t>(testset: &'t Testset, name: &str) -> Option<&'t StatedGroup> {
    testset.groups.iter().find(|group| group.name == name)
}
