//! Migrations are embedded; a new one must make the crate be built again.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
