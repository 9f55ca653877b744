/** Guests that misbehave: bodies for `handMadeCore`, and how a firmware ends each. */

/** What a guest does that it must not; each has the signature of `double`. */
export const wrong: readonly (readonly [what: string, word: string, text: RegExp, body: string])[] = [
  ["traps", "trap", /^unreachable/, "unreachable"],
  [
    "reads one byte past its memory",
    "trap",
    /^out of bounds/,
    "(drop (i32.load8_u (i32.add (local.get $in) (i32.const 63)))) (i32.const 0)",
  ],
  [
    "reads behind an offset that wraps",
    "trap",
    /^out of bounds/,
    "(drop (i32.load offset=4294967295 (local.get $in))) (i32.const 0)",
  ],
  [
    "writes across the end of its memory",
    "trap",
    /^out of bounds/,
    "(i64.store (i32.add (local.get $in) (i32.const 56)) (i64.const -1)) (i32.const 0)",
  ],
  [
    "writes below its memory",
    "trap",
    /^out of bounds/,
    "(i32.store (i32.sub (local.get $in) (i32.const 5)) (i32.const -1)) (i32.const 0)",
  ],
  [
    "divides by zero",
    "trap",
    /^integer divide/,
    "(i32.div_u (i32.const 1) (i32.sub (local.get $in) (i32.const 1)))",
  ],
  [
    "divides the least number by -1",
    "trap",
    /^integer overflow/,
    "(i32.div_s (i32.const 0x80000000) (i32.sub (i32.const 0) (local.get $in)))",
  ],
  ["calls itself without end", "trap", /^call stack exhausted/, "(call $run (call $run (local.get $in)))"],
  ["loops", "hung", /no progress/, "(loop $again (br $again)) (i32.const 0)"],
  [
    "hands its host a handle that is none",
    "trap",
    /./,
    "(drop (call $read (i32.const 99) (i32.const 8) (i32.const 1))) (i32.const 0)",
  ],
  [
    "hands its host a buffer outside its memory",
    "trap",
    /./,
    "(drop (call $read (local.get $in) (i32.const 64) (i32.const 1))) (i32.const 0)",
  ],
  ["leaves without its streams", "trap", /left open/, "(i32.const 0)"],
];
