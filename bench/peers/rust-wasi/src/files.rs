//! Copies in.txt to out.txt, in capitals.
use wasi_examples::{print, print_error};
use wasip3::filesystem::preopens;
use wasip3::filesystem::types::{Descriptor, DescriptorFlags, ErrorCode, OpenFlags, PathFlags};

wasip3::cli::command::export!(Files);

struct Files;

async fn opened(
    path: &str,
    open: OpenFlags,
    flags: DescriptorFlags,
) -> Result<Descriptor, ErrorCode> {
    let directories = preopens::get_directories();
    let (directory, _) = directories.first().ok_or(ErrorCode::NoEntry)?;
    directory
        .open_at(PathFlags::SYMLINK_FOLLOW, path.to_string(), open, flags)
        .await
}

async fn read() -> Result<Vec<u8>, ErrorCode> {
    let file = opened("in.txt", OpenFlags::empty(), DescriptorFlags::READ).await?;
    let (bytes, outcome) = file.read_via_stream(0);
    let text = bytes.collect().await;
    outcome.await?;
    Ok(text)
}

async fn write(text: Vec<u8>) -> Result<(), ErrorCode> {
    let file = opened(
        "out.txt",
        OpenFlags::CREATE | OpenFlags::TRUNCATE,
        DescriptorFlags::WRITE,
    )
    .await?;
    let (mut writer, reader) = wasip3::wit_stream::new();
    let outcome = file.write_via_stream(reader, 0);
    writer.write_all(text).await;
    drop(writer);
    outcome.await
}

impl wasip3::exports::cli::run::Guest for Files {
    async fn run() -> Result<(), ()> {
        let Ok(mut text) = read().await else {
            print_error("files: there is no in.txt").await;
            return Err(());
        };
        text.make_ascii_uppercase();
        let length = text.len();
        write(text).await.map_err(|_| ())?;
        print(&format!("{length} bytes"))
            .await
            .then_some(())
            .ok_or(())
    }
}
