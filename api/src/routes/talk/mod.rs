//! What the doors of live runs have in common: a talk over a WebSocket.

mod characters;
mod door;
mod line;
mod page;
mod session;
mod signals;

pub use characters::Streams;
pub use door::{Door, Opening, Parting, Why, Words};
pub use page::refuse_foreign_page;
pub use session::{Upgraded, upgrade};
pub use signals::{is_named, number_of};
