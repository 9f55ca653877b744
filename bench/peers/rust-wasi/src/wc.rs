//! Counts the lines, words and bytes of standard input.
use wasi_examples::print;
use wasip3::cli::stdin;
use wasip3::wit_bindgen::StreamResult;

wasip3::cli::command::export!(Wc);

struct Wc;

impl wasip3::exports::cli::run::Guest for Wc {
    async fn run() -> Result<(), ()> {
        let (mut input, _) = stdin::read_via_stream();
        let (mut lines, mut words, mut bytes) = (0u64, 0u64, 0u64);
        let mut is_in_word = false;
        let mut buffer = Vec::with_capacity(65536);
        loop {
            let (result, read) = input.read(buffer).await;
            bytes += read.len() as u64;
            for &byte in &read {
                let is_space = byte == 32 || (9..=13).contains(&byte);
                lines += u64::from(byte == 10);
                words += u64::from(!is_space && !is_in_word);
                is_in_word = !is_space;
            }
            if !matches!(result, StreamResult::Complete(_)) {
                break;
            }
            buffer = read;
            buffer.clear();
        }
        print(&format!("{lines} {words} {bytes}"))
            .await
            .then_some(())
            .ok_or(())
    }
}
