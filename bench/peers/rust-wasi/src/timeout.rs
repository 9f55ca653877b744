//! Waits for a byte of standard input, for two seconds at most.
use core::pin::pin;
use futures::future::{select, Either};
use wasi_examples::print;
use wasip3::cli::stdin;
use wasip3::clocks::monotonic_clock::wait_for;

wasip3::cli::command::export!(Timeout);

struct Timeout;

const TWO_SECONDS: u64 = 2_000_000_000;

impl wasip3::exports::cli::run::Guest for Timeout {
    async fn run() -> Result<(), ()> {
        let (mut input, _) = stdin::read_via_stream();
        let (byte, limit) = (pin!(input.next()), pin!(wait_for(TWO_SECONDS)));
        let is_in_time = matches!(select(byte, limit).await, Either::Left(_));
        print(if is_in_time { "in time" } else { "too late" }).await;
        is_in_time.then_some(()).ok_or(())
    }
}
