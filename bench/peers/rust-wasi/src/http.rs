//! Answers GET with a greeting and sends everything else back, as a stream.
use wasi_examples::copy;
use wasip3::http::types::{ErrorCode, Fields, Method, Request, Response};
use wasip3::wit_bindgen::StreamReader;
use wasip3::{spawn_local, wit_future, wit_stream};

wasip3::http::service::export!(Http);

struct Http;

fn answer(body: StreamReader<u8>) -> Response {
    let (trailers, end) = wit_future::new(|| Ok(None));
    drop(trailers);
    Response::new(Fields::new(), Some(body), end).0
}

impl wasip3::exports::http::handler::Guest for Http {
    async fn handle(request: Request) -> Result<Response, ErrorCode> {
        let (mut writer, reader) = wit_stream::new();
        if matches!(request.get_method(), Method::Get) {
            spawn_local(async move {
                writer.write_all(b"Hello, world!\n".to_vec()).await;
            });
            return Ok(answer(reader));
        }
        let (outcome, taken) = wit_future::new(|| Ok(()));
        drop(outcome);
        let (input, _) = Request::consume_body(request, taken);
        spawn_local(async move {
            copy(input, writer).await;
        });
        Ok(answer(reader))
    }
}
