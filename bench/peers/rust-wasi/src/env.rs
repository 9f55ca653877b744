//! Prints its arguments, one a line, then the environment variable GREETING.
use wasi_examples::{print, print_error};
use wasip3::cli::environment;

wasip3::cli::command::export!(Env);

struct Env;

impl wasip3::exports::cli::run::Guest for Env {
    async fn run() -> Result<(), ()> {
        for word in environment::get_arguments().iter().skip(1) {
            print(word).await;
        }
        let variables = environment::get_environment();
        let Some((_, greeting)) = variables.iter().find(|(name, _)| name == "GREETING") else {
            print_error("env: there is no GREETING").await;
            return Err(());
        };
        print(&format!("GREETING={greeting}"))
            .await
            .then_some(())
            .ok_or(())
    }
}
