/** A guest that begins copies of many items and none of one: nothing else notes that its copies overlap. */
import { BLOCKED } from "../../assembly/abi/copy-result";
import { host } from "../../spec";
import { openReader } from "./operations";

const CANCELLED: u32 = 2;
const buffer = new StaticArray<u32>(2);

describe("startRead and nothing else", () => {
  it("startRead in flight, drop: cancelled first", () => {
    host.reset();
    const end = openReader();
    host.answers("stream.read", BLOCKED);
    end.startRead(buffer, 2);
    const seen = host.calls().length;
    host.answers("stream.cancel-read", CANCELLED);
    end.drop();
    expect(host.calls().slice(seen).trim()).toBe(
      "waitable.join stream.cancel-read waitable.join stream.drop-readable",
    );
  });
});
