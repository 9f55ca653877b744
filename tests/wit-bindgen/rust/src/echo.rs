//! Answers with what it was given.
use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};

wit_bindgen::generate!({
    world: "trip-echo",
    path: "../guests/trip.wit",
});

use exports::test::trip::echo::{
    Access, Guest, GuestTally, Point, Shape, Suit, Tally, TallyBorrow,
};
use wit_bindgen::{FutureReader, StreamReader, StreamWriter};

struct Echo;
export!(Echo);

static TALLIES: AtomicU32 = AtomicU32::new(0);

struct Sum(Cell<u64>);

impl Sum {
    fn make(value: u64) -> Self {
        TALLIES.fetch_add(1, Ordering::Relaxed);
        Sum(Cell::new(value))
    }
}

impl Drop for Sum {
    fn drop(&mut self) {
        TALLIES.fetch_sub(1, Ordering::Relaxed);
    }
}

impl GuestTally for Sum {
    fn new(start: u64) -> Self {
        Sum::make(start)
    }
    fn get(&self) -> u64 {
        self.0.get()
    }
    fn add(&self, more: u64) {
        self.0.set(self.0.get() + more);
    }
    fn join(a: Tally, b: Tally) -> Tally {
        Tally::new(Sum::make(a.get::<Sum>().get() + b.get::<Sum>().get()))
    }
}

/// Hands every item on until one side is gone.
async fn pass<T: 'static>(mut input: StreamReader<T>, mut output: StreamWriter<T>) {
    while let Some(item) = input.next().await {
        if output.write_one(item).await.is_some() {
            break;
        }
    }
}

impl Guest for Echo {
    type Tally = Sum;

    fn same_text(x: String) -> String {
        x
    }
    fn same_bytes(x: Vec<u8>) -> Vec<u8> {
        x
    }
    fn same_numbers(x: Vec<i64>) -> Vec<i64> {
        x
    }
    fn same_words(x: Vec<String>) -> Vec<String> {
        x
    }
    fn same_point(x: Point) -> Point {
        x
    }
    fn same_shape(x: Shape) -> Shape {
        x
    }
    fn same_access(x: Access, y: Suit, z: char) -> (Access, Suit, char) {
        (x, y, z)
    }
    fn same_maybe(
        x: Option<String>,
        y: Result<String, u32>,
    ) -> (Option<String>, Result<String, u32>) {
        (x, y)
    }
    fn same_tally(x: Tally) -> Tally {
        x
    }
    fn read_tally(x: TallyBorrow<'_>) -> u64 {
        x.get::<Sum>().get()
    }
    fn tallies() -> u32 {
        TALLIES.load(Ordering::Relaxed)
    }
    async fn later_text(x: String) -> String {
        x
    }
    async fn later_shape(x: Shape) -> Shape {
        x
    }
    async fn numbers(x: StreamReader<u32>) -> StreamReader<u32> {
        let (output, reader) = wit_stream::new();
        wit_bindgen::spawn_local(pass(x, output));
        reader
    }
    async fn words(x: StreamReader<String>) -> StreamReader<String> {
        let (output, reader) = wit_stream::new();
        wit_bindgen::spawn_local(pass(x, output));
        reader
    }
    async fn points(x: StreamReader<Point>) -> StreamReader<Point> {
        let (output, reader) = wit_stream::new();
        wit_bindgen::spawn_local(pass(x, output));
        reader
    }
    async fn ticks(x: StreamReader<()>) -> StreamReader<()> {
        let (output, reader) = wit_stream::new();
        wit_bindgen::spawn_local(pass(x, output));
        reader
    }
    async fn back(x: StreamReader<u32>) -> StreamReader<u32> {
        x
    }
    async fn number_later(x: FutureReader<u32>) -> FutureReader<u32> {
        let (output, reader) = wit_future::new(|| 0);
        wit_bindgen::spawn_local(async move {
            let _ = output.write(x.await).await;
        });
        reader
    }
    async fn word_later(x: FutureReader<String>) -> FutureReader<String> {
        let (output, reader) = wit_future::new(String::new);
        wit_bindgen::spawn_local(async move {
            let _ = output.write(x.await).await;
        });
        reader
    }
}
