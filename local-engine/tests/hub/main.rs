//! The model store against a hub of our own: real sockets, real files, every fault on purpose.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking, helpers too")]

mod client;
mod faults;
mod pulls;
mod refusals;
mod server;
mod store;
mod watcher;

use std::{path::Path, sync::OnceLock};

use local_engine::hub::{
    Hub, HubError, Patience, Progress, Pull, Pulled, Reference, Store, Unwatched,
};

use client::Client;
use server::{HubServer, Repository};

/// A model like those of `onnx-community`, with a graph large enough to come in pieces.
fn repository() -> Repository {
    Repository::new("org/model")
        .with("README.md", b"---\nlicense: mit\n---\n# Model\n")
        .with("config.json", br#"{"model_type": "llama"}"#)
        .with("generation_config.json", b"{}")
        .with("tokenizer.json", b"{}")
        .with("tokenizer_config.json", b"{}")
        .with("model.safetensors", b"weights of another tool")
        .with("onnx/model.onnx", b"exact")
        .with("onnx/model.onnx_data", b"exact weights")
        .with("onnx/model_q4.onnx", b"four bits")
        .with("onnx/model_q4.onnx_data", weights())
        .with("onnx/model_q4.onnx_data_1", b"more weights")
}

/// Twenty mebibytes that do not repeat.
fn weights() -> &'static [u8] {
    static WEIGHTS: OnceLock<Vec<u8>> = OnceLock::new();
    WEIGHTS.get_or_init(|| {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let words = (0..20 * MIB / 8).flat_map(|_| {
            // Marsaglia's xorshift64.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()
        });
        words.collect()
    })
}

/// The hub behind a server, asked by a user with or without a token, who loses patience quickly.
fn hub(server: &HubServer, token: Option<&str>) -> Hub {
    let quick = Patience {
        first_pause: std::time::Duration::from_millis(1),
        ..Patience::default()
    };
    Hub::new(&server.endpoint(), token, Box::new(Client::default()))
        .unwrap()
        .with_patience(quick)
}

fn pull(reference: &str) -> Pull {
    Pull {
        reference: Reference::parse(reference).unwrap(),
        variant: None,
        connections: 4,
    }
}

/// Pulls `org/model` without a token.
fn pull_model(server: &HubServer, store: &Path) -> Result<Pulled, HubError> {
    pull_watched(server, store, &Unwatched)
}

fn pull_watched(
    server: &HubServer,
    store: &Path,
    progress: &dyn Progress,
) -> Result<Pulled, HubError> {
    pull("org/model").run(&hub(server, None), &Store::new(store), progress)
}

/// Names of the files in a folder, ordered.
fn names_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

const MIB: usize = 1 << 20;
