//! Queue -> sandbox -> verdict: takes submissions, compiles and runs them in constrained containers, publishes
//! what became of them.

pub mod artifact;
pub mod compile;
pub mod engine;
pub mod judge;
pub mod pool;
pub mod sandbox;
pub mod serve;
pub mod slots;
pub mod worker;
