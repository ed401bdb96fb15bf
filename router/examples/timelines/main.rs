//! Draws the timelines of `docs/device.md` anew: `cargo run -p router --example timelines`.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "what is read and written is in the tree"
)]

mod picture;
mod trace;

use std::{fs, path::Path};

use router::SteadyOptions;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/device");
    fs::create_dir_all(&folder)?;
    for trace in &trace::TRACES {
        let moments = trace.play(SteadyOptions::default());
        let svg = picture::draw(trace, &moments);
        fs::write(folder.join(format!("{}.svg", trace.name)), svg)?;
    }
    Ok(())
}
