/** Waitable sets, and the events of their members. */
import { waitableJoin, waitableSetDrop, waitableSetNew } from "../../host/built-ins/waitable-built-ins.js";
import type { Event } from "../../host/tasks/waitable.js";
import { EventCode } from "../../host/tasks/waitable.js";
import { WaitableSet } from "../../host/tasks/waitable-set.js";
import { EVENT_BYTES } from "../../source/library-layout.js";
import { RUBBISH } from "../shadow/rubbish.js";
import type { ShadowMemory } from "../shadow/shadow-memory.js";
import type { Copies } from "./copies.js";
import { End } from "./end.js";
import { SetEntry } from "./entries.js";
import type { GuestMemory } from "./guest-memory.js";
import type { Meanwhile } from "./meanwhile.js";
import { settledOutcomes } from "./outcomes.js";
import type { Run } from "./run.js";
import { SubtaskEntry } from "./subtask-entry.js";
import { type ModelTable, shown } from "./table.js";
import type { Values } from "./values.js";
import { eventCode, eventWords } from "./words.js";

const NOTHING: Event = [EventCode.NONE, 0, 0];

/** What waitables need of the model. */
export interface WaitableParts {
  readonly run: Run;
  readonly table: ModelTable;
  readonly values: Values;
  readonly memory: GuestMemory;
  readonly shadow: ShadowMemory;
  readonly copies: Copies;
  readonly meanwhile: Meanwhile;
  /** Times in a row that poll answers "nothing yet" although something could happen. */
  readonly idlePolls: number;
}

/** What the host does with sets. */
export class Waitables {
  private idle = 0;
  private events: readonly number[] = [];

  constructor(private readonly parts: WaitableParts) {}

  /** Forgets everything. */
  reset(): void {
    this.idle = 0;
    this.events = [];
  }

  /** `waitable-set.new`. @returns the handle */
  create(): number {
    const { run, values } = this.parts;
    const handle = run.judged("waitable-set.new", () => waitableSetNew(values.instance));
    run.note("waitable-set.new", shown(handle));
    return handle;
  }

  /** `waitable.join`. */
  join(handle: number, set: number): void {
    const { run, table, values } = this.parts;
    run.note(`waitable.join, handle ${handle}, ${set === 0 ? "no set" : shown(set)}`);
    run.judged("waitable.join", () => {
      waitableJoin(values.instance, handle, set);
    });
    (table.at(handle) as End | SubtaskEntry).setHandle = set;
  }

  /** `waitable-set.drop`. */
  drop(handle: number): void {
    const { run, values } = this.parts;
    run.note(`waitable-set.drop, ${shown(handle)}`);
    run.judged("waitable-set.drop", () => {
      waitableSetDrop(values.instance, handle);
    });
  }

  /** `waitable-set.wait`, `waitable-set.poll`. @returns the event's code */
  wait(handle: number, ptr: number, poll: boolean): number {
    const { run, memory, shadow } = this.parts;
    const name = poll ? "waitable-set.poll" : "waitable-set.wait";
    run.noteWaiting(`${name}, ${shown(handle)}`);
    const set = this.set(handle, name);
    if (ptr % 4 !== 0) throw run.broken("misaligned", `${name}: ${ptr} is not a multiple of 4`);
    shadow.hostWrites(ptr, EVENT_BYTES, "an event", run.site());
    this.events = [ptr];
    const [code, waitable, payload] = poll ? this.poll(set) : this.await(set, name);
    const view = new DataView(memory.bytes.buffer);
    view.setUint32(ptr, waitable, true);
    view.setUint32(ptr + 4, payload, true);
    return code;
  }

  /**
   * What a callback is called with when it waits for the set `handle`.
   * @param places where a callback writes it down, in one of its task's own
   * @param more ways to call it with something else
   */
  next(handle: number, places: readonly number[], more: readonly (() => Event)[]): Event {
    const name = "the task waits";
    this.parts.run.noteWaiting(`${name}, ${shown(handle)}`);
    const event = this.await(this.set(handle, name), name, more);
    this.events = places;
    this.forgetEvent();
    return event;
  }

  /** `thread.yield`. @returns that the task was not cancelled */
  pause(): number {
    const { run, meanwhile, values } = this.parts;
    run.noteWaiting("thread.yield");
    run.judged("thread.yield", () => {
      values.instance.checkMayLeave();
    });
    meanwhile.wait(0);
    return 0;
  }

  private set(handle: number, name: string): SetEntry {
    const { run, table, values } = this.parts;
    run.judged(name, () => {
      values.instance.checkMayLeave();
      table.get(handle, WaitableSet, "a waitable set");
    });
    return table.at(handle) as SetEntry;
  }

  private await(set: SetEntry, name: string, more: readonly (() => Event)[] = []): Event {
    const { run, meanwhile } = this.parts;
    set.hosted.waiting++;
    if (meanwhile.wait(set.handle)) run.noteWaiting(`${name}, ${shown(set.handle)}`);
    set.hosted.waiting--;
    const members = this.members(set);
    let count = eventsOf(members);
    while (count === 0 && this.startOne()) count = eventsOf(members);
    if (count + more.length === 0)
      throw run.broken(
        "illegal-call",
        `${name}: nothing in ${shown(set.handle)} can ever happen: a deadlock`,
      );
    const idle = idleMembers(members);
    this.idle = 0;
    const answer = run.choose(count + idle.length + more.length);
    if (answer >= count + idle.length) return more[answer - count - idle.length]!();
    return this.deliver(members, idle, answer, count);
  }

  private poll(set: SetEntry): Event {
    const { run, meanwhile, idlePolls } = this.parts;
    const members = this.members(set);
    const count = eventsOf(members);
    const idle = idleMembers(members);
    const isThere = members.some((member) => member.hasEvent);
    const mayWait = !isThere && (count === 0 || this.idle < idlePolls);
    const answer = run.choose(count + idle.length + (mayWait ? 1 : 0));
    if (answer < count + idle.length) {
      this.idle = 0;
      return this.deliver(members, idle, answer, count);
    }
    if (count > 0) this.idle++;
    run.say("nothing yet");
    meanwhile.pass();
    return NOTHING;
  }

  private members({ handle }: SetEntry): (End | SubtaskEntry)[] {
    return this.parts.table.waitables().filter((entry) => entry.setHandle === handle);
  }

  /**
   * A callee that has not started does so now: it may be the one to take what the guest waits to give.
   * @returns whether there was one
   */
  private startOne(): boolean {
    return this.parts.table.waitables().some((entry) => entry instanceof SubtaskEntry && entry.start());
  }

  private deliver(
    members: readonly (End | SubtaskEntry)[],
    idle: readonly End[],
    answer: number,
    count: number,
  ): Event {
    const { run, copies } = this.parts;
    if (answer >= count) {
      const end = idle[answer - count]!;
      const payload = copies.tell(end);
      run.say(`${eventWords(end, payload)}, though no copy is in flight`);
      return [eventCode(end), end.handle, payload];
    }
    let at = answer;
    for (const member of members) {
      const own = member.eventCount();
      if (at < own) return this.event(member, at);
      at -= own;
    }
    throw new Error("no such event");
  }

  private event(entry: End | SubtaskEntry, answer: number): Event {
    const { run, copies } = this.parts;
    if (entry instanceof SubtaskEntry) {
      const state = entry.advance(answer);
      run.say(eventWords(entry, state));
      return [EventCode.SUBTASK, entry.handle, state];
    }
    const result = settledOutcomes(entry)[answer]!;
    run.say(eventWords(entry, result));
    copies.settle(entry, result);
    return [eventCode(entry), entry.handle, result];
  }

  /** The task is over: nothing of its last event may be looked at. */
  forgetEvent(): void {
    const { memory, shadow } = this.parts;
    for (const place of this.events) {
      memory.bytes.fill(RUBBISH, place, place + EVENT_BYTES);
      shadow.forget(place, EVENT_BYTES);
    }
  }

  /** Words that make the state, for hashing. */
  words(take: (word: number) => void): void {
    take(this.idle);
  }
}

function eventsOf(members: readonly (End | SubtaskEntry)[]): number {
  return members.reduce((sum, member) => sum + member.eventCount(), 0);
}

function idleMembers(members: readonly (End | SubtaskEntry)[]): End[] {
  return members.filter((member): member is End => member instanceof End && member.mayBeTold);
}
