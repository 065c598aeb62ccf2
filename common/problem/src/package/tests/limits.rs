//! Derived time limits.

use proptest::prelude::*;

use super::super::{Limits, TimeLimitMismatch, check_time_limit, derive_time_limit};

#[test]
fn legacy_limits_are_whole_seconds_of_five_times_the_slowest() {
    for (times, limit) in [
        (&[0.0][..], 1.0),
        (&[0.01, 0.02], 1.0),
        (&[0.2], 1.0),
        (&[0.2001], 2.0),
        (&[0.1, 0.9, 0.3], 5.0),
        (&[1.4], 7.0),
        (&[2.0, f64::NAN], 10.0),
    ] {
        assert_eq!(derive_time_limit(times, &Limits::legacy()), Some(limit), "{times:?}");
    }
}

#[test]
fn modern_limits_are_multiples_of_the_resolution() {
    let tenth = Limits { time_resolution: 0.1, ..Limits::modern() };
    for (limits, times, limit) in [
        (&Limits::modern(), &[0.3][..], 1.0),
        (&Limits::modern(), &[0.5], 1.0),
        (&Limits::modern(), &[0.51], 2.0),
        (&tenth, &[0.3], 0.6),
        (&tenth, &[0.31], 0.7),
        (&tenth, &[0.0], 0.1),
    ] {
        let derived = derive_time_limit(times, limits).unwrap();
        assert!((derived - limit).abs() < 1e-9, "{times:?}: {derived}");
    }
}

#[test]
fn nothing_is_derived_from_nothing() {
    assert_eq!(derive_time_limit(&[], &Limits::legacy()), None);
    assert_eq!(derive_time_limit(&[f64::NAN, -1.0, f64::INFINITY], &Limits::modern()), None);
}

#[test]
fn a_limit_is_held_against_both_sides() {
    let limits = Limits::modern();
    assert_eq!(check_time_limit(2.0, &[1.0], &[3.0], &limits), Ok(()));
    assert_eq!(check_time_limit(2.0, &[], &[], &limits), Ok(()));
    let tight = check_time_limit(2.0, &[0.5, 1.1], &[9.0], &limits);
    assert_eq!(tight, Err(TimeLimitMismatch::TooTight { slowest: 1.1, multiplier: 2.0, limit: 2.0 }));
    let loose = check_time_limit(2.0, &[1.0], &[9.0, 2.9], &limits).unwrap_err();
    assert_eq!(
        loose.to_string(),
        "the fastest too slow submission takes 2.9 s, less than 1.5 times the time limit of 2 s"
    );
}

proptest! {
    #[test]
    fn a_derived_limit_holds_and_the_next_smaller_does_not(
        times in prop::collection::vec(0.0_f64..30.0, 1..5),
        resolution in prop::sample::select(vec![0.1, 0.5, 1.0, 2.0]),
        multiplier in 1.0_f64..6.0,
    ) {
        let limits = Limits { time_resolution: resolution, ac_to_time_limit: multiplier, ..Limits::modern() };
        let limit = derive_time_limit(&times, &limits).unwrap();
        let slack = 1e-6;
        prop_assert!(check_time_limit(limit + slack, &times, &[], &limits).is_ok());
        if limit > resolution + slack {
            prop_assert!(check_time_limit(limit - resolution - slack, &times, &[], &limits).is_err());
        }
    }
}
