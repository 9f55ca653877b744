/** A guest whose functions pass strings and lists inside of other values: for the bindings in C. */
import {
  Entry,
  ListEntry,
  ListString,
  ResultU32Fault,
  forward,
  gather,
  searchResult,
} from "./bindings/my-journal-control";
import * as net from "./bindings/my-journal-net";
import * as store from "./bindings/my-journal-store";

export function report(entry: Entry, also: string): ListEntry {
  const kept = store.write(entry);
  const second = store.write.entry();
  second.level = store.level.error;
  second.module_ = also;
  second.data = entry.data;
  second.code.tag = store.OptionU16.some;
  second.code.some = kept.tag == store.ResultU32String.ok ? <u16>kept.ok : 999;
  const again = store.write(second);
  if (again.tag == store.ResultU32String.error) {
    const text = again.error;
    second.module_ = text;
    second.code.tag = store.OptionU16.none;
    store.write(second);
  }
  return store.list(0);
}

export function search(names: ListString, first: string): ResultU32Fault {
  const answer = searchResult();
  const count = store.known(names);
  if (count > 0) {
    answer.tag = ResultU32Fault.ok;
    answer.ok = count;
    return answer;
  }
  answer.tag = ResultU32Fault.error;
  const last = store.last();
  if (last.tag == store.OptionFault.none) {
    answer.error.tag = store.Fault.none;
    return answer;
  }
  const by = store.blame.by();
  by.tag = 1;
  by.some = first;
  const found = store.blame(last.some, by);
  answer.error.tag = found.tag;
  if (found.tag == store.Fault.named) answer.error.named = found.named;
  if (found.tag == store.Fault.many) answer.error.many = found.many;
  if (found.tag == store.Fault.full) answer.error.full = found.full;
  return answer;
}

export function runGather(task: gather.Task): void {
  const values = task.values;
  const title = task.title.tag == 1 ? task.title.some : "untitled";
  let count: u16 = 0;
  let sum: u32 = 0;
  while (values.next()) {
    count++;
    sum += values.value;
  }
  const output = task.output;
  const looked = net.look.call(sum);
  if (looked.tag == net.OptionEntry.none) {
    output.tag = 1;
    output.error = title + ": nothing under " + sum.toString();
    task.resolve(output);
    return;
  }
  output.tag = 0;
  output.ok.level = looked.some.level;
  output.ok.module_ = title + "/" + looked.some.module_;
  output.ok.data = looked.some.data;
  output.ok.code.tag = 1;
  output.ok.code.some = count;
  task.resolve(output);
}

export function runForward(task: forward.Task): void {
  const got = net.fetch.call(task.url);
  const request = net.send.request();
  request.method = got.tag == net.ResultStringU16.ok ? "PUT" : "DELETE";
  request.headers.allocate(2);
  request.headers[0].item0 = "from";
  request.headers[0].item1 = task.url;
  request.headers[1].item0 = "status";
  request.headers[1].item1 = got.tag == net.ResultStringU16.ok ? got.ok : got.error.toString();
  request.body = [1, 2, 255];
  task.resolve(net.send.call(request, 3));
}
