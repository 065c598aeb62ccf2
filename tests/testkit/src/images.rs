//! The language images that tests run programs in.

/// The tag of the images that `images/build.sh` made with the same setting.
#[expect(clippy::disallowed_methods, reason = "the tests' own setting")]
#[must_use]
pub fn image_tag() -> String {
    std::env::var("GAVEL__LANGUAGES__TAG").unwrap_or_else(|_| "latest".to_owned())
}
