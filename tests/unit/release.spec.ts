/** Items that nobody took: released once when their end is closed, and in no other case. */
import { FutureReader, FutureWriter, StreamReader, StreamWriter } from "../../assembly";
import { BLOCKED } from "../../assembly/abi/copy-result";
import { FUTURE_WRITE, host } from "../../spec";
import { FutureReadOps, FutureWriteOps } from "./futures";
import { READER, ReadOps, WRITER, WriteOps } from "./operations";

const ITEM: u32 = 16;
const COMPLETED: u32 = 0;
const DROPPED: u32 = 1;
const CANCELLED: u32 = 2;

/** What was released, oldest first. */
let released: string = "";


@unmanaged
class OwningReadOps extends ReadOps {
  release(ptr: usize): void {
    released += load<u32>(ptr).toString() + " ";
  }
}


@unmanaged
class OwningWriteOps extends WriteOps {
  release(ptr: usize): void {
    released += load<u32>(ptr).toString() + " ";
  }
}


@unmanaged
class OwningFutureOps extends FutureReadOps {
  release(ptr: usize): void {
    released += load<u32>(ptr).toString() + " ";
  }
}


@unmanaged
class OwningFutureWriteOps extends FutureWriteOps {
  release(ptr: usize): void {
    released += load<u32>(ptr).toString() + " ";
  }
}

const FRAME: usize = memory.data(96, 4);

function reader(): StreamReader<u32, OwningReadOps> {
  const end = changetype<StreamReader<u32, OwningReadOps>>(FRAME);
  end.open(READER);
  return end;
}

function writer(): StreamWriter<u32, OwningWriteOps> {
  const end = changetype<StreamWriter<u32, OwningWriteOps>>(FRAME + 24);
  end.open(WRITER);
  return end;
}

function future(): FutureReader<u32, OwningFutureOps> {
  const end = changetype<FutureReader<u32, OwningFutureOps>>(FRAME + 48);
  end.open(READER);
  return end;
}

function futureWriter(): FutureWriter<u32, OwningFutureWriteOps> {
  const end = changetype<FutureWriter<u32, OwningFutureWriteOps>>(FRAME + 72);
  end.open(WRITER);
  return end;
}

describe("an item that nobody took", () => {
  beforeEach(() => {
    host.reset();
    released = "";
  });

  it("start-held-close: released", () => {
    const end = reader();
    host.answers("stream.read", ITEM);
    host.brings<u32>(7);
    end.start();
    end.close();
    expect(released).toBe("7 ");
  });

  it("start-cancel-with-item-close: released", () => {
    const end = reader();
    host.answers("stream.read", BLOCKED);
    end.start();
    host.answers("stream.cancel-read", ITEM);
    host.brings<u32>(8);
    end.drop();
    end.drop();
    expect(released).toBe("8 ");
  });

  it("start-next-close, next-close, start-cancelled-close: the item is the guest's, or there is none", () => {
    let end = reader();
    host.answers("stream.read", ITEM);
    host.brings<u32>(9);
    end.start();
    end.next();
    end.close();
    host.reset();
    end = reader();
    host.answers("stream.read", ITEM);
    host.brings<u32>(9);
    end.next();
    end.close();
    host.reset();
    end = reader();
    host.answers("stream.read", BLOCKED);
    end.start();
    host.answers("stream.cancel-read", CANCELLED);
    end.close();
    expect(released).toBe("");
  });

  it("a future's value: released when it was not read", () => {
    let end = future();
    host.answers("future.read", COMPLETED);
    host.brings<u32>(3);
    end.start();
    end.close();
    expect(released).toBe("3 ");
    host.reset();
    end = future();
    host.answers("future.read", COMPLETED);
    host.brings<u32>(4);
    end.start();
    end.read();
    end.close();
    expect(released).toBe("3 ");
  });

  it("write in flight, close: released when it was not taken", () => {
    let end = writer();
    host.answers("stream.write", BLOCKED);
    end.start(5);
    host.answers("stream.cancel-write", CANCELLED);
    end.close();
    expect(released).toBe("5 ");
    host.reset();
    end = writer();
    host.answers("stream.write", BLOCKED);
    end.start(6);
    host.answers("stream.cancel-write", ITEM);
    end.close();
    expect(released).toBe("5 ");
  });

  it("startWrite in flight, close: what lies in a buffer of the guest's is the guest's, not released", () => {
    const end = writer();
    host.answers("stream.write", BLOCKED);
    end.startWrite([5, 6], 2);
    host.answers("stream.cancel-write", CANCELLED);
    end.close();
    expect(released).toBe("");
  });

  it("startWrite-start in flight, close: the item in the slot is released", () => {
    const end = writer();
    host.answers("stream.write", 2 * ITEM);
    end.startWrite([5, 6], 2);
    host.answers("stream.write", BLOCKED);
    end.start(7);
    host.answers("stream.cancel-write", CANCELLED);
    end.close();
    expect(released).toBe("7 ");
  });

  it("a future's write in flight, close: waited for, and released when it was not taken", () => {
    let end = futureWriter();
    host.answers("future.write", BLOCKED);
    end.start(5);
    host.event(FUTURE_WRITE, WRITER, DROPPED);
    end.close();
    expect(released).toBe("5 ");
    host.reset();
    end = futureWriter();
    host.answers("future.write", BLOCKED);
    end.start(6);
    host.event(FUTURE_WRITE, WRITER, COMPLETED);
    end.close();
    expect(released).toBe("5 ");
  });

  it("a future's write that was refused gives the value back: not released", () => {
    const end = futureWriter();
    host.answers("future.write", DROPPED);
    end.write(5);
    end.close();
    expect(released).toBe("");
  });

  it("a cancel of the guest's own gives the item back: not released", () => {
    const end = writer();
    host.answers("stream.write", BLOCKED);
    end.start(5);
    host.answers("stream.cancel-write", CANCELLED);
    end.cancel();
    end.close();
    expect(released).toBe("");
  });
});
