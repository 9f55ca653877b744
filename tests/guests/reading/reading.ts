/**
 * Streams, futures and resources of the host's, as WASI's functions bring them: read, handed on, written,
 * kept.
 */
import * as app from "./bindings/test-reading-app";
import * as disk from "./bindings/test-reading-disk";
import { File, FutureResultUnitErrorCode, StreamU8 } from "./bindings/test-reading-disk";

export function runTotal(task: app.total.Task): void {
  const pair = disk.readViaStream(task.count);
  const data = pair.item0.open();
  const how = pair.item1.open();
  const answer = task.output;
  answer.item0 = 0;
  while (data.next()) answer.item0 += data.value;
  data.drop();
  const result = how.read();
  answer.item1.tag = result.tag;
  if (result.tag) answer.item1.some = result.error;
  how.drop();
  task.resolve(answer);
}

export function runPass(task: app.pass.Task): void {
  task.resolve(disk.readViaStream(task.count));
}

export function runMake(task: app.make.Task): void {
  const data = StreamU8.create();
  const how = FutureResultUnitErrorCode.create();
  task.output.item0 = StreamU8.readable(data);
  task.output.item1 = FutureResultUnitErrorCode.readable(how);
  task.resolve(task.output);
  for (let i: u32 = 0; i < task.count && data.writeOne(<u8>(i * 3)); i++);
  data.drop();
  how.value.tag = task.count > 9 ? 1 : 0;
  if (how.value.tag) how.value.error = disk.errorCode.full;
  how.write();
  how.drop();
}

export function runStore(task: app.store_.Task): void {
  const data = StreamU8.create();
  const how = disk.writeViaStream(StreamU8.readable(data)).open();
  for (let i: u8 = 0; i < task.count && data.writeOne(i); i++);
  data.drop();
  const result = how.read();
  task.resolve(result);
  how.drop();
}

export function runSomeOf(task: app.someOf.Task): void {
  const pair = disk.readViaStream(task.count);
  const data = pair.item0.open();
  let left = task.most;
  let sum: u32 = 0;
  while (left > 0 && data.next()) {
    sum += data.value;
    left--;
  }
  data.drop();
  pair.item1.drop();
  task.resolve(sum);
}

export function runWalk(task: app.walk.Task): void {
  const entries = disk.entries().open();
  let sum: u32 = 0;
  while (entries.next()) {
    const data = entries.value.data.open();
    while (data.next()) sum += entries.value.name * data.value;
    data.drop();
  }
  entries.drop();
  task.resolve(sum);
}

export function runLengths(task: app.lengths.Task): void {
  const texts = disk.texts().open();
  let sum: u32 = 0;
  while (texts.next()) sum = 10 * sum + texts.value.length;
  texts.drop();
  task.resolve(sum);
}

export function runLook(task: app.look.Task): void {
  task.resolve(task.file.size());
}

export function runTake(task: app.take.Task): void {
  const size = task.file.size();
  task.file.drop();
  task.resolve(size);
}

export function runOpen(task: app.open.Task): void {
  task.resolve(File.create(task.name));
}

export function runOpenLater(task: app.openLater.Task): void {
  task.resolve(disk.openLater.call(task.name));
}

export function runAll(task: app.all.Task): void {
  let sum: u32 = 0;
  while (task.files.next()) {
    sum = 10 * sum + task.files.value.size();
    task.files.value.drop();
  }
  task.resolve(sum);
}

export function runEach(task: app.each.Task): void {
  const output = task.resolve();
  for (let i: u8 = 0; i < task.count; i++) {
    const file = File.create(i);
    if (!output.writeOne(file)) break;
  }
}

export function runThrough(task: app.through.Task): void {
  const files = disk.files(task.count).open();
  const given = disk.sizes.files();
  disk.sizes.start();
  while (files.next() && given.writeOne(files.value));
  files.drop();
  given.drop();
  disk.sizes.wait();
  task.resolve(disk.sizes.result());
}

export function syncLook(file: File): u32 {
  return file.size();
}

export function runShout(task: app.shout.Task): void {
  const data = StreamU8.create();
  const loud = disk.upper(StreamU8.readable(data)).open();
  const output = task.resolve();
  while (task.x.next()) {
    if (!data.writeOne(task.x.value) || !loud.next()) break;
    if (!output.writeOne(loud.value)) break;
  }
  data.drop();
  loud.drop();
}
