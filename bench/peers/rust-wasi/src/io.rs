//! What several of the programs write: text to standard output, bytes from stream to stream.
use wasip3::cli::{stderr, stdout};
use wasip3::wit_bindgen::{StreamReader, StreamResult, StreamWriter};

/// Writes a line to standard output. Returns whether it was written.
pub async fn print(text: &str) -> bool {
    let (writer, reader) = wasip3::wit_stream::new();
    let written = stdout::write_via_stream(reader);
    line(writer, text).await;
    written.await.is_ok()
}

/// Like `print`, to standard error.
pub async fn print_error(text: &str) -> bool {
    let (writer, reader) = wasip3::wit_stream::new();
    let written = stderr::write_via_stream(reader);
    line(writer, text).await;
    written.await.is_ok()
}

async fn line(mut writer: StreamWriter<u8>, text: &str) {
    writer.write_all(format!("{text}\n").into_bytes()).await;
}

/// Copies what comes until there is no more, or nobody takes it. Returns whether all of it was taken.
pub async fn copy(mut input: StreamReader<u8>, mut output: StreamWriter<u8>) -> bool {
    let mut buffer = Vec::with_capacity(65536);
    loop {
        let (result, read) = input.read(buffer).await;
        buffer = output.write_all(read).await;
        if !buffer.is_empty() {
            return false;
        }
        if !matches!(result, StreamResult::Complete(_)) {
            return true;
        }
    }
}
