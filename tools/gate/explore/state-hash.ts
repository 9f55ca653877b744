/**
 * A 53-bit hash of the words of a state: two independent 32-bit lanes, joined in
 * one number that a Set can hold.
 */
export class StateHash {
  private a = 0x811c9dc5 | 0;
  private b = 0x2545f491 | 0;

  /** Takes in `words[from..to)`. */
  words(words: Int32Array, from: number, to: number): void {
    let a = this.a;
    let b = this.b;
    for (let i = from; i < to; i++) {
      const word = words[i]!;
      a = Math.imul(a ^ word, 0x01000193);
      a ^= a >>> 15;
      b = Math.imul(b + word, 0x9e3779b1 | 0);
      b ^= b >>> 13;
    }
    this.a = a;
    this.b = b;
  }

  /** Takes in ranges of `words`: pairs of first and end. */
  ranges(words: Int32Array, pairs: readonly number[]): void {
    for (let i = 0; i < pairs.length; i += 2) this.words(words, pairs[i]!, pairs[i + 1]!);
  }

  /** Takes in one word. */
  word(word: number): void {
    let a = Math.imul(this.a ^ word, 0x01000193);
    a ^= a >>> 15;
    let b = Math.imul(this.b + word, 0x9e3779b1 | 0);
    b ^= b >>> 13;
    this.a = a;
    this.b = b;
  }

  /** The hash so far; starts again. */
  finish(): number {
    const value = (this.a >>> 0) * 0x20_0000 + ((this.b ^ (this.b >>> 11)) & 0x1f_ffff);
    this.a = 0x811c9dc5 | 0;
    this.b = 0x2545f491 | 0;
    return value;
  }
}
