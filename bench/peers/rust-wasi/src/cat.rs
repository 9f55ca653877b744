//! Copies standard input to standard output.
use wasi_examples::copy;
use wasip3::cli::{stdin, stdout};

wasip3::cli::command::export!(Cat);

struct Cat;

impl wasip3::exports::cli::run::Guest for Cat {
    async fn run() -> Result<(), ()> {
        let (input, _) = stdin::read_via_stream();
        let (writer, reader) = wasip3::wit_stream::new();
        let written = stdout::write_via_stream(reader);
        copy(input, writer).await;
        written.await.map_err(|_| ())
    }
}
