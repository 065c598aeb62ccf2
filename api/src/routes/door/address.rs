//! Paths, with and without a slash at the end.

use axum::Router;
use axum::routing::MethodRouter;

/// Routes that take a slash at the end of their path too, as other systems' servers do.
pub trait AnySlash<S> {
    /// Adds a route for a path that does not end with a slash.
    #[must_use]
    fn any_slash(self, path: &str, method: MethodRouter<S>) -> Self;
}

impl<S: Clone + Send + Sync + 'static> AnySlash<S> for Router<S> {
    fn any_slash(self, path: &str, method: MethodRouter<S>) -> Self {
        self.route(&format!("{path}/"), method.clone()).route(path, method)
    }
}
