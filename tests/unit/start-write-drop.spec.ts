/** A guest that begins copies of many items and none of one: nothing else notes that its copies overlap. */
import { BLOCKED } from "../../assembly/abi/copy-result";
import { host } from "../../spec";
import { openWriter } from "./operations";

const CANCELLED: u32 = 2;
const buffer = new StaticArray<u32>(2);

describe("startWrite and nothing else", () => {
  it("startWrite in flight, drop: cancelled first", () => {
    host.reset();
    const end = openWriter();
    host.answers("stream.write", BLOCKED);
    end.startWrite(buffer, 2);
    const seen = host.calls().length;
    host.answers("stream.cancel-write", CANCELLED);
    end.drop();
    expect(host.calls().slice(seen).trim()).toBe(
      "waitable.join stream.cancel-write waitable.join stream.drop-writable",
    );
  });
});
