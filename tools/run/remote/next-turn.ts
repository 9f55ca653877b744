/** Promises that are settled go first: then this one is, with `answer`. */
export function nextTurn<T>(answer: T): Promise<T> {
  return new Promise((resolve) =>
    setImmediate(() => {
      resolve(answer);
    }),
  );
}

/** Only what is settled without the event loop goes first. */
export function thisTurn<T>(answer: T): Promise<T> {
  return new Promise((resolve) => {
    process.nextTick(resolve, answer);
  });
}
