//! Packages of Polygon (polygon.codeforces.com): `problem.xml` and what it names.
//!
//! There is no specification of Polygon's; what is known is in docs/PROBLEMS.md, field by field.

mod groups;
mod programs;
mod read;
mod solutions;
mod testset;
mod xml;

pub(super) use read::read;

/// The file that describes the package.
pub(super) const FILE: &str = "problem.xml";
