//! Validators that bring their own `build` and `run` scripts: the format's way to use anything at all.
//!
//! Both are executed in sandboxes of the C++ images (`build` with a compiler at hand, `run` without), never on the
//! host.

use std::collections::BTreeMap;
use std::sync::Arc;

use gavel_model::language::{CompileSpec, CompileWhere, LanguageSpec, RunSpec};

/// The id in the artifact cache; no submission can name it.
pub(super) const SCRIPTED: &str = "validator with build and run";

/// Copies the folder to where programs may be executed, builds it there, and insists on a `run`.
const BUILD: &str = "set -e
cp -R /app/work/. /tmp/out/
cd /tmp/out
if [ -f build ]; then chmod +x build; ./build; fi
chmod +x run";

/// The language of such a folder.
pub(super) fn scripted() -> Arc<LanguageSpec> {
    let env = BTreeMap::from(
        [("PATH", "/usr/local/bin:/usr/bin:/bin"), ("HOME", "/tmp"), ("LANG", "C.UTF-8")]
            .map(|(key, value)| (key.to_owned(), value.to_owned())),
    );
    Arc::new(LanguageSpec {
        id: SCRIPTED.to_owned(),
        name: SCRIPTED.to_owned(),
        aliases: Vec::new(),
        extensions: Vec::new(),
        claims_extensions: false,
        source: "run".to_owned(),
        image: "cpp".to_owned(),
        time_factor: 1.0,
        version: Vec::new(),
        vars: BTreeMap::new(),
        compile: Some(CompileSpec {
            sandbox: CompileWhere::Compile,
            argv: vec!["/bin/sh".to_owned(), "-c".to_owned(), BUILD.to_owned()],
            env: env.clone(),
            artifact: Some("/tmp/out".to_owned()),
            cpu_ms: None,
            wall_ms: None,
            memory_mb: None,
            processes: None,
        }),
        run: RunSpec {
            argv: vec!["/tmp/out/run".to_owned()],
            env,
            memory_overhead_mb: 0,
            out_of_memory_text: String::new(),
        },
    })
}
