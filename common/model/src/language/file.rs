//! `language.toml` as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::ids::Ids;
use super::set::LanguageSet;
use super::spec::{CompileSpec, LanguageSpec, RunSpec};

/// What a folder is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Role {
    /// Clients can name it.
    #[default]
    Language,
    /// It builds and runs the validators that bring scripts of their own.
    Validator,
}

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LanguageFile {
    id: String,
    #[serde(default)]
    pub(super) role: Role,
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    set: LanguageSet,
    extensions: Vec<String>,
    #[serde(default = "yes")]
    claims_extensions: bool,
    source: String,
    #[serde(default)]
    entry: Vec<String>,
    #[serde(default)]
    needs_extension: bool,
    image: String,
    #[serde(default = "one")]
    time_factor: f64,
    version: Vec<String>,
    #[serde(default)]
    release: Option<String>,
    #[serde(default)]
    ids: Ids,
    #[serde(default)]
    vars: BTreeMap<String, String>,
    compile: Option<CompileSpec>,
    run: RunSpec,
    #[serde(default, rename = "variant")]
    variants: Vec<Variant>,
}

/// Another id served by the same images with other values.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    id: String,
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    vars: BTreeMap<String, String>,
    #[serde(default)]
    ids: Ids,
}

fn one() -> f64 {
    1.0
}

const fn yes() -> bool {
    true
}

impl LanguageFile {
    /// The language itself and its variants; a variant never claims a file extension.
    pub(super) fn into_specs(self) -> Vec<LanguageSpec> {
        let base = LanguageSpec {
            id: self.id,
            name: self.name,
            aliases: self.aliases,
            set: self.set,
            extensions: self.extensions.clone(),
            claims_extensions: self.claims_extensions,
            source: self.source,
            entry: self.entry,
            needs_extension: self.needs_extension,
            image: self.image,
            time_factor: self.time_factor,
            version: self.version,
            release: self.release,
            ids: self.ids,
            vars: self.vars,
            compile: self.compile,
            run: self.run,
        };
        let variants = self.variants.into_iter().map(|variant| {
            let mut vars = base.vars.clone();
            vars.extend(variant.vars);
            LanguageSpec {
                id: variant.id,
                name: variant.name,
                aliases: variant.aliases,
                claims_extensions: false,
                vars,
                ids: variant.ids,
                ..base.clone()
            }
        });
        let mut all: Vec<_> = variants.collect();
        all.insert(0, base);
        all
    }
}
