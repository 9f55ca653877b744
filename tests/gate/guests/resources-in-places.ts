import { Place, takePlace } from "as-rill/assembly";
import { Jar, lookLater, passOn } from "./bindings/gate-guests-jars";
import { Token } from "./bindings/gate-guests-tokens";

/** What a jar holds. */
@unmanaged
export class State extends Place {
  level: u32;
  token: Token;
  /** The same as `taken`, kept by this guest. */
  live: bool;
}

const MOST = 4;
const STATES: usize = memory.data(<i32>(MOST * offsetof<State>()), 4);

let made = 0;

/** Traps unless as many places are taken as there are jars. */
function expectAll(): void {
  let taken = 0;
  // SAFETY: the table holds MOST states.
  for (let i = 0; i < MOST; i++) if (changetype<State>(STATES + i * offsetof<State>()).taken) taken++;
  if (taken != made) unreachable();
}

function make(level: u32): Jar {
  const state = takePlace<State>(STATES, MOST)!;
  if (state.live) unreachable();
  state.live = true;
  made++;
  expectAll();
  state.level = level;
  state.token = changetype<Token>(0);
  return Jar.of(state);
}

export function newJar(level: u32): Jar {
  return make(level);
}

export function jarLevel(self: State): u32 {
  return self.level;
}

export function jarKeep(self: State, t: Token): void {
  dropToken(self);
  self.token = t;
}

function dropToken(self: State): void {
  if (changetype<usize>(self.token)) self.token.drop();
}

export function jarPour(a: Jar, b: Jar): Jar {
  const level = a.state<State>().level + b.state<State>().level;
  a.drop();
  b.drop();
  return make(level);
}

export function dropJar(self: State): void {
  dropToken(self);
  self.live = false;
  self.release();
  made--;
  expectAll();
}

export function look(t: Token): u32 {
  const own = new_Token();
  const worth = t.worth() + own.worth();
  own.drop();
  return worth;
}

function new_Token(): Token {
  return Token.create(3);
}

export function lookSlowly(task: lookLater.Task): void {
  task.resolve(task.t.worth());
}

/** Hands tokens on; one that the reader refuses is dropped. */
export function pass(task: passOn.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) {
    const token = input.value;
    if (output.writeOne(token)) continue;
    if (!output.taken) token.drop();
    return;
  }
}
