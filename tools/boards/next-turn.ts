/** Promises that are settled go first: then this one is, with `answer`. */
export function nextTurn<T>(answer: T): Promise<T> {
  return new Promise((resolve) =>
    setImmediate(() => {
      resolve(answer);
    }),
  );
}
