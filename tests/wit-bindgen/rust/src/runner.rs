//! Sends values through `echo` and panics when something else comes back.
wit_bindgen::generate!({
    world: "trip-runner",
    path: "../guests/trip.wit",
    additional_derives: [Clone, PartialEq],
});

use exports::wasi::cli::run::Guest;
use test::trip::echo::{self, Access, Point, Shape, Suit, Tally};
use wit_bindgen::{StreamReader, StreamWriter};

struct Runner;
export!(Runner);

const TEXTS: [&str; 6] = ["", "a", "Zoë", "名前", "😀 and text", "ends with NUL\0"];

fn point(x: i32) -> Point {
    Point {
        x,
        y: f64::from(x) / 3.0,
        name: format!("p{x}"),
    }
}

fn shapes() -> Vec<Shape> {
    vec![
        Shape::Empty,
        Shape::Circle(0.5),
        Shape::Named("n".into()),
        Shape::Many(vec![point(1), point(-2)]),
        Shape::Many(vec![]),
    ]
}

fn values() {
    for text in TEXTS {
        assert_eq!(echo::same_text(text), text);
    }
    let bytes: Vec<u8> = (0..=255).collect();
    assert_eq!(echo::same_bytes(&bytes), bytes);
    assert_eq!(echo::same_bytes(&[]), Vec::<u8>::new());
    let numbers = [0, -1, i64::MIN, i64::MAX];
    assert_eq!(echo::same_numbers(&numbers), numbers);
    let words: Vec<String> = TEXTS.iter().map(|text| (*text).into()).collect();
    assert_eq!(echo::same_words(&words), words);
    assert!(echo::same_point(&point(7)) == point(7));
    for shape in shapes() {
        assert!(echo::same_shape(&shape) == shape);
    }
    let access = Access::READ | Access::RUN;
    assert!(echo::same_access(access, Suit::Hearts, '😀') == (access, Suit::Hearts, '😀'));
    for maybe in [None, Some("some")] {
        for result in [Ok("ok"), Err(7)] {
            let (back, answer) = echo::same_maybe(maybe, result);
            assert_eq!(back.as_deref(), maybe);
            assert_eq!(answer.as_deref().map_err(|error| *error), result);
        }
    }
}

fn resources() {
    let a = Tally::new(5);
    a.add(1 << 40);
    let b = Tally::new(7);
    assert_eq!(a.get(), 5 + (1 << 40));
    assert_eq!(echo::read_tally(&b), 7);
    assert_eq!(echo::tallies(), 2);
    let sum = echo::same_tally(Tally::join(a, b));
    assert_eq!(sum.get(), 12 + (1 << 40));
    assert_eq!(echo::tallies(), 1);
    drop(sum);
    assert_eq!(echo::tallies(), 0);
}

/// Writes each item and reads it back; then one side goes, and the other must see it.
async fn through<T: Clone + PartialEq + 'static>(
    mut input: StreamWriter<T>,
    mut output: StreamReader<T>,
    items: &[T],
) {
    for item in items {
        assert!(input.write_one(item.clone()).await.is_none());
        assert!(output.next().await.as_ref() == Some(item));
    }
    drop(input);
    assert!(output.next().await.is_none());
}

/// Leaves the reader early: the writer must be told.
async fn leave<T: Clone + 'static>(mut input: StreamWriter<T>, output: StreamReader<T>, item: T) {
    drop(output);
    while input.write_one(item.clone()).await.is_none() {}
}

/// The stream that was given away comes back: both of its ends are here then.
async fn handed_back() {
    let (mut input, reader) = wit_stream::new();
    let mut output = echo::back(reader).await;
    for number in 0..100u32 {
        let (left, item) = futures::join!(input.write_one(number), output.next());
        assert!(left.is_none() && item == Some(number));
    }
    drop(input);
    assert!(output.next().await.is_none());
}

async fn streams() {
    let numbers: Vec<u32> = (0..100).collect();
    let (writer, reader) = wit_stream::new();
    through(writer, echo::numbers(reader).await, &numbers).await;
    let (writer, reader) = wit_stream::new();
    leave(writer, echo::numbers(reader).await, 1).await;
    let words: Vec<String> = (0..100).map(|i| "wörd".repeat(i % 7)).collect();
    let (writer, reader) = wit_stream::new();
    through(writer, echo::words(reader).await, &words).await;
    let (writer, reader) = wit_stream::new();
    leave(writer, echo::words(reader).await, "word".into()).await;
    let (writer, reader) = wit_stream::new();
    through(writer, echo::ticks(reader).await, &[(); 100]).await;
    handed_back().await;
    let points: Vec<Point> = (0..100).map(point).collect();
    let (writer, reader) = wit_stream::new();
    through(writer, echo::points(reader).await, &points).await;
}

/// A value that is written after the call, and one that is on its way before.
async fn futures() {
    let (writer, reader) = wit_future::new(|| 0);
    let back = echo::number_later(reader).await;
    let (written, number) = futures::join!(writer.write(0xdead_beef), async { back.await });
    assert!(written.is_ok());
    assert_eq!(number, 0xdead_beef);
    for text in TEXTS {
        let (writer, reader) = wit_future::new(String::new);
        let (written, word) = futures::join!(writer.write(text.into()), async {
            echo::word_later(reader).await.await
        });
        assert!(written.is_ok());
        assert_eq!(word, text);
    }
}

impl Guest for Runner {
    async fn run() -> Result<(), ()> {
        values();
        resources();
        for text in TEXTS {
            assert_eq!(echo::later_text(text.into()).await, text);
        }
        for shape in shapes() {
            assert!(echo::later_shape(shape.clone()).await == shape);
        }
        streams().await;
        futures().await;
        Ok(())
    }
}
