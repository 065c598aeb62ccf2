use std::io::{self, Write};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    let line = "7".repeat(1023);
    loop {
        writeln!(out, "{line}")?;
    }
}
