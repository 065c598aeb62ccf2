//! Orders of events between a program and an interactor, each with its verdict.
//!
//! Both act out a script of words (`worker/tests/actors/`):
//!
//! | word | what is done |
//! |---|---|
//! | `say=X`, `mutter=X` | a line is written, and flushed or not |
//! | `flood=N`, `flood` | so many KiB are written, or without end |
//! | `hear`, `eof` | a line is read, everything is read |
//! | `want=X:N` | a line is read; if it is not X, or there is none, the actor ends with code N |
//! | `nap=N`, `nap` | it sleeps so many ms, or for long |
//! | `spin=N`, `spin` | it computes so many ms, or for ever |
//! | `hush`, `deaf` | it closes its output, its input |
//! | `bomb` | it takes all the memory there is |
//! | `crash`, `kill=N`, `exit=N` | it ends as its language does after a failure, by a signal, with a code |

use gavel_model::Verdict::{self, Ac, Je, Mle, Rte, Tle, Wa};

/// What the program does, what the interactor does, and what must come of it.
pub type Row = (&'static str, &'static str, Verdict);

/// Rows in which no limit is met, for every pair of languages.
#[rustfmt::skip]
pub const ORDINARY: &[Row] = &[
    // A right program is accepted, whatever is still said or not heard.
    ("want=hi:1 say=ok exit=0",            "say=hi want=ok:43 exit=42",                  Ac),
    ("say=ok hear exit=0",                 "want=ok:43 say=bye exit=42",                 Ac),
    ("say=ok exit=0",                      "want=ok:43 say=bye exit=42",                 Ac),
    ("say=ok exit=0",                      "want=ok:43 nap=50 say=bye exit=42",          Ac),
    ("say=ok exit=0",                      "mutter=hi want=ok:43 mutter=bye exit=42",    Ac),
    ("say=ok exit=0",                      "want=ok:43 flood=3000 exit=42",              Ac),
    ("say=ok exit=0",                      "flood=3000 want=ok:43 exit=42",              Ac),
    ("say=ok exit=0",                      "nap=100 want=ok:43 exit=42",                 Ac),
    ("say=ok exit=0",                      "want=ok:43 eof exit=42",                     Ac),
    ("deaf say=ok exit=0",                 "say=hi want=ok:43 exit=42",                  Ac),
    ("deaf say=ok nap=50 exit=0",          "flood=3000 want=ok:43 exit=42",              Ac),
    ("say=ok hush nap=50 exit=0",          "want=ok:43 say=bye exit=42",                 Ac),
    ("say=ok hush eof exit=0",             "want=ok:43 say=bye exit=42",                 Ac),
    ("say=ok nap=50 say=more exit=0",      "want=ok:43 exit=42",                         Ac),
    ("say=ok nap=50 mutter=more exit=0",   "want=ok:43 deaf nap=20 exit=42",             Ac),
    ("say=ok nap=50 flood=3000 exit=0",    "want=ok:43 exit=42",                         Ac),
    ("flood=3000 exit=0",                  "nap=50 exit=42",                             Ac),
    ("flood=3000 exit=0",                  "eof exit=42",                                Ac),
    ("say=ok eof exit=0",                  "want=ok:43 exit=42",                         Ac),
    ("eof say=ok exit=0",                  "say=hi hush want=ok:43 exit=42",             Ac),
    ("exit=0",                             "exit=42",                                    Ac),
    ("nap=50 exit=0",                      "exit=42",                                    Ac),
    ("exit=0",                             "nap=50 exit=42",                             Ac),
    // A wrong one is wrong, whatever it does besides.
    ("say=no exit=0",                      "want=ok:43 exit=42",                         Wa),
    ("exit=0",                             "want=ok:43 exit=42",                         Wa),
    ("hear exit=0",                        "say=hi want=ok:43 exit=42",                  Wa),
    ("say=ok exit=0",                      "want=ok:43 want=ok:43 exit=42",              Wa),
    ("say=no eof exit=0",                  "want=ok:43 exit=42",                         Wa),
    ("say=no hush deaf exit=0",            "want=ok:43 exit=42",                         Wa),
    ("hush exit=0",                        "want=ok:43 exit=42",                         Wa),
    ("say=no nap",                         "want=ok:43 exit=42",                         Wa),
    ("say=no spin",                        "want=ok:43 exit=42",                         Wa),
    ("say=no flood",                       "want=ok:43 exit=42",                         Wa),
    ("flood",                              "want=ok:43 exit=42",                         Wa),
    ("nap=50 exit=0",                      "exit=43",                                    Wa),
    ("say=ok exit=0",                      "eof exit=43",                                Wa),
    ("say=no exit=0",                      "hear say=wrong exit=43",                     Wa),
    ("say=no exit=0",                      "hear flood=3000 exit=43",                    Wa),
    // Also if it fails: the rejection came of what it said.
    ("say=no exit=1",                      "want=ok:43 exit=42",                         Wa),
    ("say=no crash",                       "want=ok:43 exit=42",                         Wa),
    ("say=no hush crash",                  "want=ok:43 exit=42",                         Wa),
    ("say=no eof exit=1",                  "want=ok:43 exit=42",                         Wa),
    ("say=no nap=100 crash",               "want=ok:43 exit=42",                         Wa),
    ("say=no exit=1",                      "hear say=wrong exit=43",                     Wa),
    ("say=no exit=1",                      "flood=3000 want=ok:43 exit=42",              Wa),
    ("exit=1",                             "exit=43",                                    Wa),
    ("nap=100 crash",                      "exit=43",                                    Wa),
    // One that fails before it is rejected, or although it is accepted.
    ("exit=1",                             "want=ok:43 exit=42",                         Rte),
    ("crash",                              "want=ok:43 exit=42",                         Rte),
    ("hear crash",                         "say=hi want=ok:43 exit=42",                  Rte),
    ("hear say=ok exit=3",                 "say=hi want=ok:43 want=ok:43 exit=42",       Rte),
    ("hush exit=1",                        "want=ok:43 exit=42",                         Rte),
    ("deaf crash",                         "say=hi want=ok:43 exit=42",                  Rte),
    ("exit=1",                             "flood=3000 want=ok:43 exit=42",              Rte),
    ("exit=1",                             "want=ok:43 say=bye flood=3000 exit=42",      Rte),
    ("say=no exit=1",                      "hear nap=300 exit=43",                       Rte),
    ("say=ok exit=1",                      "want=ok:43 exit=42",                         Rte),
    ("say=ok exit=1",                      "want=ok:43 flood=3000 exit=42",              Rte),
    ("say=ok nap=50 crash",                "want=ok:43 exit=42",                         Rte),
    ("say=ok eof crash",                   "want=ok:43 exit=42",                         Rte),
    ("exit=1",                             "exit=42",                                    Rte),
    // An interactor that fails.
    ("say=ok exit=0",                      "exit=1",                                     Je),
    ("say=ok exit=0",                      "want=ok:43 exit=0",                          Je),
    ("say=ok exit=0",                      "crash",                                      Je),
    ("exit=0",                             "want=ok:1 exit=42",                          Je),
    ("exit=1",                             "exit=1",                                     Je),
    ("spin",                               "exit=1",                                     Je),
];

/// Rows in which a limit is met: 64 MiB, 0.8 s of CPU, 1.5 s.
#[rustfmt::skip]
pub const LIMITS: &[Row] = &[
    // Both wait, in all ways there are.
    ("hear exit=0",                        "want=ok:43 exit=42",                         Tle),
    ("eof exit=0",                         "want=ok:43 exit=42",                         Tle),
    ("hush eof exit=0",                    "want=ok:43 exit=42",                         Tle),
    ("flood=3000 exit=0",                  "flood=3000 exit=42",                         Tle),
    ("deaf nap",                           "flood=3000 want=ok:43 exit=42",              Tle),
    ("nap",                                "want=ok:1 exit=42",                          Tle),
    // Only the program does not end.
    ("spin",                               "want=ok:43 exit=42",                         Tle),
    ("spin",                               "want=ok:1 exit=42",                          Tle),
    ("flood",                              "eof exit=42",                                Tle),
    ("say=ok spin",                        "want=ok:43 exit=42",                         Tle),
    ("say=ok nap",                         "want=ok:43 exit=42",                         Tle),
    ("say=ok flood",                       "want=ok:43 exit=42",                         Tle),
    // Memory.
    ("bomb",                               "want=ok:43 exit=42",                         Mle),
    ("bomb",                               "want=ok:1 exit=42",                          Mle),
    ("bomb",                               "hear nap=200 exit=43",                       Mle),
    ("say=ok bomb",                        "want=ok:43 exit=42",                         Mle),
    ("say=no bomb",                        "want=ok:43 exit=42",                         Wa),
    // Only the interactor does not end, and computes for longer than it may.
    ("say=ok exit=0",                      "spin",                                       Je),
];

/// Rows of [`ORDINARY`] in which both do something at the same moment, and some whose order is easily mistaken.
#[rustfmt::skip]
pub const RACES: &[Row] = &[
    ("say=ok exit=0",                      "want=ok:43 say=bye exit=42",                 Ac),
    ("say=ok exit=0",                      "mutter=hi want=ok:43 mutter=bye exit=42",    Ac),
    ("say=ok say=more exit=0",             "want=ok:43 exit=42",                         Ac),
    ("say=ok mutter=more exit=0",          "want=ok:43 exit=42",                         Ac),
    ("exit=0",                             "exit=42",                                    Ac),
    ("exit=0",                             "want=ok:43 exit=42",                         Wa),
    ("say=no exit=1",                      "want=ok:43 exit=42",                         Wa),
    ("say=no crash",                       "want=ok:43 say=bye exit=42",                 Wa),
    ("say=no eof exit=1",                  "want=ok:43 exit=42",                         Wa),
    ("say=no exit=1",                      "hear say=wrong exit=43",                     Wa),
    ("exit=1",                             "exit=43",                                    Wa),
    ("exit=1",                             "want=ok:43 exit=42",                         Rte),
    ("hear crash",                         "say=hi want=ok:43 exit=42",                  Rte),
    ("say=ok exit=1",                      "want=ok:43 exit=42",                         Rte),
    ("say=ok eof crash",                   "want=ok:43 say=bye exit=42",                 Rte),
];
