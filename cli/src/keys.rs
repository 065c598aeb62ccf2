//! `gavel keys`: who may use the HTTP service.
//!
//! On the store itself, not over HTTP: the first key is made without one, and whoever can write the store has no
//! need to be asked for a key.

use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use gavel_api::auth::issue;
use gavel_api::store::{ApiKey, SqlStore, Store as _};
use gavel_api::{KeyView, StoreConfig};
use gavel_platform::lifecycle::refuse;
use gavel_platform::settings::load;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;

use crate::args::KeysAction;
use crate::settings::GavelSettings;
use crate::table::{self, Column};

/// Makes, lists or revokes keys.
pub async fn manage(file: Option<&Path>, action: KeysAction) -> ExitCode {
    let settings: GavelSettings = match load(file) {
        Ok(settings) => settings,
        Err(error) => return refuse(&error),
    };
    match managed(&settings.store, action).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gavel: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn managed(config: &StoreConfig, action: KeysAction) -> anyhow::Result<()> {
    let store = SqlStore::open(config).await?;
    let now = Timestamp::now();
    match action {
        KeysAction::Create { owner, scopes, json } => {
            let issued = issue(owner, scopes, now);
            store.insert_key(&issued.stored).await?;
            if json {
                let mut told = serde_json::to_value(KeyView::from(issued.stored))?;
                told["key"] = issued.secret.expose_secret().into();
                println!("{told}");
                store.close().await;
                return Ok(());
            }
            eprintln!(
                "key {} of {} ({}); it is printed this once",
                issued.stored.id, issued.stored.owner, issued.stored.scopes
            );
            println!("{}", issued.secret.expose_secret());
        }
        KeysAction::List { json: false } => println!("{}", draw(&store.keys().await?)),
        KeysAction::List { json: true } => {
            let keys: Vec<_> = store.keys().await?.into_iter().map(KeyView::from).collect();
            println!("{}", serde_json::to_string(&keys)?);
        }
        KeysAction::Revoke { id, json } => {
            if !store.revoke_key(&id, now).await? {
                bail!("there is no key {id}; `gavel keys list` prints their ids");
            }
            if json {
                println!("{}", serde_json::json!({"revoked": id}));
            } else {
                eprintln!("key {id} is good for nothing from now on");
            }
        }
    }
    store.close().await;
    Ok(())
}

fn draw(keys: &[ApiKey]) -> String {
    let columns = [
        Column::new("id", 0),
        Column::new("owner", 0),
        Column::new("scopes", 0),
        Column::new("made", 3),
        Column::new("last used", 2),
        Column::new("revoked", 1),
    ];
    let told =
        |time: Option<Timestamp>| time.map(|time| time.strftime("%F %R").to_string()).unwrap_or_default();
    let rows = keys.iter().map(|key| {
        let (id, owner, scopes) = (key.id.clone(), key.owner.to_string(), key.scopes.to_string());
        [id, owner, scopes, told(Some(key.created_at)), told(key.used_at), told(key.revoked_at)]
    });
    table::draw(columns, rows)
}
