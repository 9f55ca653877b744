//! Sends GET to the authority that is its first argument, for the path that is its second, and prints the
//! body of the answer.
use wasi_examples::{copy, print_error};
use wasip3::cli::{environment, stdout};
use wasip3::http::client::send;
use wasip3::http::types::{Fields, Request, Response, Scheme};
use wasip3::{wit_future, wit_stream};

wasip3::cli::command::export!(Fetch);

struct Fetch;

impl wasip3::exports::cli::run::Guest for Fetch {
    async fn run() -> Result<(), ()> {
        let words = environment::get_arguments();
        let [_, authority, path] = words.as_slice() else {
            print_error("fetch: name an authority and a path, such as example.com /").await;
            return Err(());
        };
        let (trailers, end) = wit_future::new(|| Ok(None));
        drop(trailers);
        let (request, _transmission) = Request::new(Fields::new(), None, end, None);
        request.set_scheme(Some(&Scheme::Http))?;
        request.set_authority(Some(authority))?;
        request.set_path_with_query(Some(path))?;
        let Ok(answer) = send(request).await else {
            print_error("fetch: there is no answer").await;
            return Err(());
        };
        let (outcome, taken) = wit_future::new(|| Ok(()));
        drop(outcome);
        let (input, _) = Response::consume_body(answer, taken);
        let (writer, reader) = wit_stream::new();
        let written = stdout::write_via_stream(reader);
        let is_all = copy(input, writer).await;
        (written.await.is_ok() && is_all).then_some(()).ok_or(())
    }
}
