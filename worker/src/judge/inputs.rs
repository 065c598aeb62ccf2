//! A package's tests, held against its input validators.

use gavel_model::Lane;
use gavel_problem::Package;

use super::submission::Judge;
use crate::check::compile_input_validators;
use crate::compile::Workplace;
use crate::fault::Fault;
use crate::sandbox::Input;
use crate::slots::Slot;

impl Judge {
    /// Every input of a package that one of its input validators does not take, and why, in the order of the tests.
    ///
    /// # Errors
    /// [`Fault::Package`] when one does not compile; other faults are not the package's.
    pub async fn refused_inputs(&self, package: &Package, slot: &Slot) -> Result<Vec<String>, Fault> {
        let parts = &self.parts;
        let sandboxes = parts.sandboxes.of_lane(Lane::Practice);
        let at = Workplace { sandboxes: &sandboxes, cores: &slot.cores };
        let validators = compile_input_validators(&parts.compiler, &parts.languages, package, at).await?;
        let mut sessions = validators.sessions(&sandboxes, &parts.toolchains, &slot.cores);
        let mut refused = Vec::new();
        for test in &package.tests {
            let input = Input::File(package.path(&test.input));
            for session in &mut sessions {
                session.clear().await;
                if let Some(why) = session.refuses(&input, &test.input_args).await? {
                    refused.push(format!("test {}, {}: {why}", test.name, session.validator.name));
                }
            }
        }
        Ok(refused)
    }
}
