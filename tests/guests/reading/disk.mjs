/** The disk of test:reading, as `--imports` takes it. */
class File {
  constructor(name) {
    this.name = name;
  }
  size() {
    return this.name + 1;
  }
}

async function* bytes(count) {
  for (let i = 0; i < count; i++) {
    if (i % 3 === 2) await new Promise((resolve) => setTimeout(resolve, 5));
    yield i & 255;
  }
}

export default {
  "test:reading/disk": {
    File,
    readViaStream: (count) => [
      bytes(count),
      new Promise((resolve) => setTimeout(resolve, 3)).then(() =>
        count > 9 ? { tag: "err", val: "gone" } : { tag: "ok" },
      ),
    ],
    writeViaStream: (data) =>
      (async () => {
        let sum = 0;
        for await (const byte of data) {
          sum += byte;
          if (sum > 20) return { tag: "err", val: "full" };
        }
        return { tag: "ok", val: sum };
      })(),
    async openLater(name) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (name === 0) throw "gone";
      return new File(name);
    },
    *entries() {
      yield { name: 1, data: [1, 2] };
      yield { name: 10, data: bytes(4) };
      yield { name: 100, data: [] };
    },
    *files(count) {
      for (let i = 0; i < count; i++) yield new File(i);
    },
    async *texts() {
      yield "ab";
      await null;
      yield "";
      yield "Grüße";
    },
    async sizes(files) {
      let sum = 0;
      for await (const file of files) sum = 10 * sum + file.size();
      return sum;
    },
    async *upper(x) {
      for await (const byte of x) yield byte & 0xdf;
    },
  },
};
