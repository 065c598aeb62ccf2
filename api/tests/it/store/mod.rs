//! What every store must do; each implementation brings a constructor.

mod problems;
mod sqlite;
mod submissions;

/// The suite, for one constructor: a function from an empty folder to a store.
macro_rules! suite {
    ($open:path: $($topic:ident { $($case:ident)* })*) => {
        $($(
            #[tokio::test]
            async fn $case() {
                let folder = tempfile::tempdir().unwrap();
                let store = $open(folder.path()).await;
                crate::store::$topic::$case(&store).await;
            }
        )*)*
    };
    ($open:path) => {
        $crate::store::suite! { $open:
            submissions {
                the_first_final_result_wins
                of_a_hundred_racing_results_one_wins
                what_is_unpublished_is_found_oldest_first
                the_oldest_unfinished_of_each_lane_is_known
                an_id_is_taken_once
                what_is_done_is_never_published_again
                a_canceled_submission_stays_canceled
                what_is_done_is_not_canceled
                of_a_result_and_a_cancellation_one_wins
            }
            problems {
                the_last_put_version_is_the_latest
                a_deleted_problem_takes_all_its_versions_along
                a_version_and_its_calibration_are_kept_together
                the_first_limit_that_was_used_is_learnt
            }
        }
    };
}

pub(crate) use suite;
