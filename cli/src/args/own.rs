//! What concerns a Gavel's own settings, keys and health.

use clap::{Args as ClapArgs, Subcommand};
use gavel_api::auth::{Owner, Scopes};

use crate::role::Role;

/// Options of `gavel doctor`.
#[derive(Debug, ClapArgs)]
pub struct DoctorArgs {
    /// What the machine is to be: with up there is no broker to look for, with api no sandbox.
    #[arg(long, value_enum, default_value_t = Role::Up)]
    pub role: Role,
    /// Print one JSON array with everything that was looked at, and nothing else.
    #[arg(long)]
    pub json: bool,
}

/// What to do with the settings.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum ConfigAction {
    /// Say everything that is wrong with them; exit code 64 if anything is.
    Check,
    /// Print those in force, as TOML, without secrets.
    Print,
}

/// What to do with the keys.
#[derive(Debug, Subcommand)]
pub enum KeysAction {
    /// Make a key and print it. It is printed this once and kept nowhere.
    Create {
        /// Whose requests come with it: lowercase letters, digits and . _ -
        #[arg(long)]
        owner: Owner,
        /// What it is good for, with commas between: read (its owner's submissions, and what can be run), submit, admin
        /// (everything).
        #[arg(long, default_value = "read,submit")]
        scopes: Scopes,
        /// Print one JSON object, with the key in it, and nothing else.
        #[arg(long)]
        json: bool,
    },
    /// Print every key that was made, without the keys.
    List {
        /// Print one JSON array, and nothing else.
        #[arg(long)]
        json: bool,
    },
    /// Make a key good for nothing.
    Revoke {
        /// Its id, as `list` prints it.
        id: String,
        /// Print one JSON object, and nothing else.
        #[arg(long)]
        json: bool,
    },
}
