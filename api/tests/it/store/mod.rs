//! What every store must do; each implementation brings a constructor.

mod batches;
mod postgres;
mod problems;
mod rejudges;
mod sqlite;
mod submissions;

/// The suite, for one constructor: a function to an empty store, and what has to live as long as that.
macro_rules! suite {
    ($open:path: $($topic:ident { $($case:ident)* })*) => {
        $($(
            #[tokio::test]
            async fn $case() {
                let (_ground, store) = $open().await;
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
                the_backlog_of_each_lane_is_known
                an_id_is_taken_once
                what_is_done_is_never_published_again
                a_canceled_submission_stays_canceled
                what_is_done_is_not_canceled
                of_a_result_and_a_cancellation_one_wins
                what_came_through_a_door_is_listed_counted_and_forgotten
            }
            batches {
                a_batch_that_is_not_whole_is_nobodys_business
                entries_keep_their_places_and_finals_their_turns
                what_is_begun_is_told_until_it_is_final
                a_canceled_batch_has_an_answer_for_everything_of_it
                a_batch_is_forgotten_as_a_whole_or_not_at_all
                an_owner_has_so_many_in_batches_and_so_many_beside
                what_waits_is_taken_in_turns
                a_clients_key_counts_once
                what_is_final_is_forgotten_after_its_time
                submissions_are_found_by_what_they_have_in_common
            }
            rejudges {
                results_are_replaced_all_at_once_and_once
                copies_are_nobodys_submissions
                submissions_are_selected_by_what_they_have_in_common
                a_judge_error_replaces_nothing
                another_score_is_a_change
                a_rejudge_that_is_given_up_changes_nothing
                what_may_be_replaced_is_kept_as_long_as_its_rejudge
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

pub use postgres::settings as postgres_settings;
pub use submissions::submission;
