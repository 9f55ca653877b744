//! `double` by wit-bindgen for Rust: it stands beside ours in the bench.
wit_bindgen::generate!({
    world: "w",
    path: "../../../tests/guests/double/double.wit",
});

use exports::my::test::i::Guest;
use wit_bindgen::StreamReader;

struct Double;
export!(Double);

impl Guest for Double {
    async fn double(mut x: StreamReader<u32>) -> StreamReader<u32> {
        let (mut output, answer) = wit_stream::new();
        wit_bindgen::spawn_local(async move {
            while let Some(item) = x.next().await {
                if output.write_one(item * 2).await.is_some() {
                    break;
                }
            }
        });
        answer
    }
}
