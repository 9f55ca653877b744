/** Every illegal transition of an end traps; each test is named for the sequence. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BLOCKED } from "../../tools/host/built-ins/copy-built-ins.js";
import { Items } from "../../tools/host/copies/items.js";
import { Trap } from "../../tools/host/values/trap.js";
import { TestGuest, u16 } from "./test-guest.js";

const one = Items.fromValues(u16, [7]);

/** The last call of the sequence traps with this message, all before it do not. */
type Sequence = readonly [
  name: string,
  message: RegExp,
  steps: (guest: TestGuest) => readonly (() => unknown)[],
];

const sequences: readonly Sequence[] = [
  [
    "stream-read-then-read",
    /stream\.read: the end is copying/,
    (g) => {
      const { r } = g.give("stream");
      return [() => g.copy("stream", "read", r), () => g.copy("stream", "read", r)];
    },
  ],
  [
    "stream-write-then-write",
    /stream\.write: the end is copying/,
    (g) => {
      const { w } = g.make("stream");
      return [() => g.copy("stream", "write", w), () => g.copy("stream", "write", w)];
    },
  ],
  [
    "future-read-then-read",
    /future\.read: the end is copying/,
    (g) => {
      const { r } = g.give("future");
      return [() => g.copy("future", "read", r), () => g.copy("future", "read", r)];
    },
  ],
  [
    "stream-read-then-drop",
    /dropped while its copy is in flight/,
    (g) => {
      const { r } = g.give("stream");
      return [
        () => g.copy("stream", "read", r),
        () => {
          g.drop("stream", "read", r);
        },
      ];
    },
  ],
  [
    "stream-read-then-event-pending-then-drop",
    /dropped while its copy is in flight/,
    (g) => {
      const { r, end } = g.give("stream");
      return [
        () => g.copy("stream", "read", r),
        () => end.write(one),
        () => {
          g.drop("stream", "read", r);
        },
      ];
    },
  ],
  [
    "stream-read-then-pass-on",
    /readable end that is copying/,
    (g) => {
      const { r } = g.give("stream");
      return [() => g.copy("stream", "read", r), () => g.take("stream", r)];
    },
  ],
  [
    "stream-join-then-pass-on",
    /in a waitable set is passed/,
    (g) => {
      const { r } = g.give("stream");
      return [
        () => {
          g.join(r, g.newSet());
        },
        () => g.take("stream", r),
      ];
    },
  ],
  [
    "stream-idle-then-cancel-read",
    /cancel-read: the end is idle/,
    (g) => {
      const { r } = g.give("stream");
      return [() => g.cancel("stream", "read", r)];
    },
  ],
  [
    "stream-read-then-cancel-deferred-then-cancel",
    /cancel-read: the end is cancelling-copy/,
    (g) => {
      const { r, end } = g.give("stream");
      end.shared.defersCancel = true;
      return [
        () => g.copy("stream", "read", r),
        () => g.cancel("stream", "read", r),
        () => g.cancel("stream", "read", r),
      ];
    },
  ],
  [
    "stream-read-then-cancel-deferred-then-read",
    /stream\.read: the end is cancelling-copy/,
    (g) => {
      const { r, end } = g.give("stream");
      end.shared.defersCancel = true;
      return [
        () => g.copy("stream", "read", r),
        () => g.cancel("stream", "read", r),
        () => g.copy("stream", "read", r),
      ];
    },
  ],
  [
    "stream-dropped-then-read",
    /stream\.read: the end is done/,
    (g) => {
      const { r, end } = g.give("stream");
      return [
        () => {
          end.drop();
        },
        () => g.copy("stream", "read", r),
        () => g.copy("stream", "read", r),
      ];
    },
  ],
  [
    "stream-dropped-then-cancel-read",
    /cancel-read: the end is done/,
    (g) => {
      const { r, end } = g.give("stream");
      return [
        () => {
          end.drop();
        },
        () => g.copy("stream", "read", r),
        () => g.cancel("stream", "read", r),
      ];
    },
  ],
  [
    "stream-dropped-then-pass-on",
    /readable end that is done/,
    (g) => {
      const { r, end } = g.give("stream");
      return [
        () => {
          end.drop();
        },
        () => g.copy("stream", "read", r),
        () => g.take("stream", r),
      ];
    },
  ],
  [
    "stream-drop-then-read",
    /is not in use/,
    (g) => {
      const { r } = g.give("stream");
      return [
        () => {
          g.drop("stream", "read", r);
        },
        () => g.copy("stream", "read", r),
      ];
    },
  ],
  [
    "stream-drop-then-drop",
    /is not in use/,
    (g) => {
      const { r } = g.give("stream");
      return [
        () => {
          g.drop("stream", "read", r);
        },
        () => {
          g.drop("stream", "read", r);
        },
      ];
    },
  ],
  [
    "stream-join-then-sync-read",
    /synchronous while the end is in a waitable set/,
    (g) => {
      const { r } = g.give("stream");
      return [
        () => {
          g.join(r, g.newSet());
        },
        () => g.copy("stream", "read", r, { sync: true }),
      ];
    },
  ],
  [
    "stream-read-then-join-then-sync-cancel",
    /synchronous while the end is in a waitable set/,
    (g) => {
      const { r } = g.give("stream");
      return [
        () => g.copy("stream", "read", r),
        () => {
          g.join(r, g.newSet());
        },
        () => g.cancel("stream", "read", r, { sync: true }),
      ];
    },
  ],
  [
    "stream-read-on-writable-end",
    /is not a readable stream end/,
    (g) => {
      const { w } = g.make("stream");
      return [() => g.copy("stream", "read", w)];
    },
  ],
  [
    "future-read-on-stream-end",
    /is not a readable future end/,
    (g) => {
      const { r } = g.make("stream");
      return [() => g.copy("future", "read", r)];
    },
  ],
  [
    "stream-read-of-another-type",
    /element type is not the built-in's/,
    (g) => {
      const { r } = g.make("stream");
      return [() => g.copy("stream", "read", r, { type: { kind: "s16" } })];
    },
  ],
  [
    "stream-drop-of-another-type",
    /element type is not the built-in's/,
    (g) => {
      const { r } = g.make("stream");
      return [
        () => {
          g.drop("stream", "read", r, null);
        },
      ];
    },
  ],
  [
    "stream-read-misaligned",
    /not a multiple of 2/,
    (g) => {
      const { r } = g.give("stream");
      return [() => g.copy("stream", "read", r, { ptr: 1025 })];
    },
  ],
  [
    "stream-read-out-of-bounds",
    /end beyond the memory/,
    (g) => {
      const { r } = g.give("stream");
      return [() => g.copy("stream", "read", r, { ptr: 65534, length: 2 })];
    },
  ],
  [
    "stream-read-too-long",
    /at most 268435455/,
    (g) => {
      const { r } = g.give("stream", null);
      return [() => g.copy("stream", "read", r, { type: null, length: 2 ** 28 })];
    },
  ],
  [
    "future-idle-then-drop-writable",
    /before the future is written/,
    (g) => {
      const { w } = g.make("future");
      return [
        () => {
          g.drop("future", "write", w);
        },
      ];
    },
  ],
  [
    "future-cancel-write-then-drop-writable",
    /before the future is written/,
    (g) => {
      const { w } = g.make("future");
      return [
        () => g.copy("future", "write", w),
        () => g.cancel("future", "write", w),
        () => {
          g.drop("future", "write", w);
        },
      ];
    },
  ],
  [
    "future-completed-then-write",
    /future\.write: the end is done/,
    (g) => {
      const { r, w } = g.make("future");
      return [
        () => g.take("future", r).read(1),
        () => g.copy("future", "write", w),
        () => g.copy("future", "write", w),
      ];
    },
  ],
  [
    "future-completed-then-read",
    /future\.read: the end is done/,
    (g) => {
      const { r, end } = g.give("future");
      return [() => end.write(one), () => g.copy("future", "read", r), () => g.copy("future", "read", r)];
    },
  ],
  [
    "future-completed-then-pass-on",
    /readable end that is done/,
    (g) => {
      const { r, end } = g.give("future");
      return [() => end.write(one), () => g.copy("future", "read", r), () => g.take("future", r)];
    },
  ],
  [
    "stream-of-bools-read-then-write-in-one-guest",
    /both ends of a stream of bool copy in one instance/,
    (g) => {
      const type = { kind: "bool" } as const;
      const { r, w } = g.make("stream", type);
      return [() => g.copy("stream", "read", r, { type }), () => g.copy("stream", "write", w, { type })];
    },
  ],
  [
    "set-join-then-drop-set",
    /1 waitables are still in the set/,
    (g) => {
      const { r } = g.make("stream");
      const set = g.newSet();
      return [
        () => {
          g.join(r, set);
        },
        () => {
          g.dropSet(set);
        },
      ];
    },
  ],
  [
    "set-join-of-a-set",
    /is not a waitable/,
    (g) => {
      const set = g.newSet();
      return [
        () => {
          g.join(set, g.newSet());
        },
      ];
    },
  ],
  [
    "set-wait-with-nothing-in-flight",
    /deadlock: waitable-set\.wait/,
    (g) => {
      const { r } = g.make("stream");
      const set = g.newSet();
      return [
        () => {
          g.join(r, set);
        },
        () => g.wait(set),
      ];
    },
  ],
  [
    "subtask-started-then-drop",
    /outcome was not delivered/,
    (g) => {
      const subtask = g.callAsync((call) => void call.start()) >>> 4;
      return [
        () => {
          g.dropSubtask(subtask);
        },
      ];
    },
  ],
  [
    "subtask-cancel-then-cancel",
    /asked for before/,
    (g) => {
      const subtask = g.callAsync((call) => void call.start()) >>> 4;
      return [() => g.cancelSubtask(subtask), () => g.cancelSubtask(subtask)];
    },
  ],
  [
    "backpressure-dec-without-inc",
    /more often than backpressure\.inc/,
    (g) => [
      () => {
        g.lowerBackpressure();
      },
    ],
  ],
  [
    "task-cancel-without-cancellation",
    /was not told that it is cancelled/,
    (g) => [
      () => {
        g.cancelTask();
      },
    ],
  ],
  [
    "task-return-of-another-type",
    /not that of the task's function/,
    (g) => [
      () => {
        g.returnValue(u16, 1);
      },
    ],
  ],
  [
    "task-return-then-return",
    /was resolved before/,
    (g) => [
      () => {
        g.returnValue(null);
      },
      () => {
        g.returnValue(null);
      },
    ],
  ],
  [
    "event-pointer-misaligned",
    /not a multiple of 4/,
    (g) => {
      const set = g.newSet();
      return [() => g.poll(set, 18)];
    },
  ],
];

for (const [name, message, steps] of sequences) {
  test(name, () => {
    const guest = new TestGuest();
    guest.run(() => {
      const calls = steps(guest);
      for (const call of calls.slice(0, -1)) call();
      assert.throws(calls.at(-1)!, (error: Error) => {
        assert.ok(error instanceof Trap, error.stack);
        assert.match(error.message, message);
        return true;
      });
    });
  });
}

test("future-cancel-write-then-write-then-read: a cancelled future may be written again", () => {
  const guest = new TestGuest();
  guest.run(() => {
    const { r, w } = guest.make("future");
    assert.equal(guest.copy("future", "write", w), BLOCKED);
    assert.equal(guest.cancel("future", "write", w), 2);
    assert.equal(guest.copy("future", "write", w), BLOCKED);
    assert.equal(guest.copy("future", "read", r, { ptr: 2048 }), 0);
    const set = guest.newSet();
    guest.join(w, set);
    assert.deepEqual(guest.poll(set), [5, w, 0]);
    guest.drop("future", "write", w);
    guest.drop("future", "read", r);
  });
});

test("stream-write-then-read-part-then-cancel-write: the cancel tells what was taken, and it is not written again", () => {
  const guest = new TestGuest();
  guest.run(() => {
    const { r, w } = guest.make("stream");
    assert.equal(guest.copy("stream", "write", w, { length: 5 }), BLOCKED);
    assert.equal(guest.copy("stream", "read", r, { ptr: 2048, length: 2 }), 2 << 4);
    assert.equal(guest.cancel("stream", "write", w), 2 << 4);
    assert.equal(guest.copy("stream", "read", r, { ptr: 2048, length: 2 }), BLOCKED);
  });
});

test("stream-read-then-write-then-drop-then-event: an item and the end come together", () => {
  const guest = new TestGuest();
  guest.run(() => {
    const { r, end } = guest.give("stream");
    const set = guest.newSet();
    guest.join(r, set);
    assert.equal(guest.copy("stream", "read", r, { length: 4 }), BLOCKED);
    assert.equal(end.write(one)?.progress, 1);
    end.drop();
    assert.deepEqual(guest.poll(set), [2, r, (1 << 4) | 1]);
    guest.drop("stream", "read", r);
  });
});

test("an instance that trapped cannot be entered again", () => {
  const guest = new TestGuest();
  assert.throws(() => {
    guest.run(() => {
      guest.drop("stream", "read", 9);
    });
  }, Trap);
  assert.throws(() => {
    guest.run(() => undefined);
  }, /the instance trapped before/);
});

test("an export that is called while its instance's core code runs traps", () => {
  const guest = new TestGuest();
  guest.run(() => {
    assert.throws(() => {
      guest.run(() => undefined);
    }, /entered while its core code runs/);
  });
});

test("a sync read in a function whose type is not async traps where it has to wait, and not where it need not", () => {
  const guest = new TestGuest();
  guest.run(
    () => {
      const { r, end } = guest.give("stream");
      end.write(one);
      assert.equal(guest.copy("stream", "read", r, { sync: true }), 1 << 4);
      assert.throws(() => guest.copy("stream", "read", r, { sync: true }), /type is not async/);
    },
    { async: false },
  );
});

test("handles are given out again, the last freed first", () => {
  const guest = new TestGuest();
  guest.run(() => {
    const [a, b] = [guest.make("stream"), guest.make("stream")];
    assert.deepEqual(
      [a, b],
      [
        { r: 1, w: 2 },
        { r: 3, w: 4 },
      ],
    );
    guest.drop("stream", "read", a.r);
    guest.drop("stream", "write", b.w);
    assert.deepEqual(guest.make("stream"), { r: 4, w: 1 });
  });
});
