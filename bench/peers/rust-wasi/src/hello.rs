//! Says hello.
use wasi_examples::print;

wasip3::cli::command::export!(Hello);

struct Hello;

impl wasip3::exports::cli::run::Guest for Hello {
    async fn run() -> Result<(), ()> {
        print("Hello, world!").await.then_some(()).ok_or(())
    }
}
