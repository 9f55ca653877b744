/** What `rill test` answers a spec with; `host`, `TestWriter` and `TestReader` are its public face. */
// @ts-nocheck: AssemblyScript; asc checks it

/** Forgets everything. */
@external("script", "reset") export declare function reset(): void;

/** The next call of the built-in or function answers so; the result in two halves. */
@external("script", "answer") export declare function answer(name: string, low: u32, high: u32): void;

/**
 * The next call of the imported function returns the bytes, after `turns` others have had theirs.
 * Caller must: give the address of as many bytes
 */
@unsafe
@external("script", "returns")
export declare function returns(name: string, ptr: usize, byteLength: u32, turns: u32): void;

/** The next wait or poll tells so. */
@external("script", "event") export declare function event(code: u32, handle: u32, payload: u32): void;

/**
 * What was scripted last brings the bytes.
 * Caller must: give the address of as many bytes
 */
@unsafe
@external("script", "bring") export declare function bring(ptr: usize, byteLength: u32): void;

/** After the latest event, that many bytes are taken from `cabi_realloc`. */
@external("script", "lower") export declare function lower(byteLength: u32): void;

/** How many items were taken from writes. */
@external("script", "takenCount") export declare function takenCount(): i32;

/**
 * Copies the beginning of such an item.
 * Caller must: give the address of as many bytes
 */
@unsafe
@external("script", "taken") export declare function taken(index: i32, ptr: usize, byteLength: u32): void;

/** Bytes of the names of all calls, in UTF-16. */
@external("script", "callsLength") export declare function callsLength(): u32;

/**
 * Copies those names.
 * Caller must: give the address of as many bytes
 */
@unsafe
@external("script", "calls") export declare function calls(ptr: usize): void;

/** An argument of a call. */
@external("script", "argument") export declare function argument(call: i32, index: i32): f64;

/** Bytes of the text that two arguments of a call name, in UTF-16. */
@external("script", "textLength") export declare function textLength(call: i32, index: i32): u32;

/**
 * Copies that text.
 * Caller must: give the address of as many bytes
 */
@unsafe
@external("script", "text") export declare function text(call: i32, index: i32, ptr: usize): void;

/** The last call of the built-in or function, from 0; -1 when there was none. */
@external("script", "lastCall") export declare function lastCall(name: string): i32;

/** Answers and events that nobody has asked for. */
@external("script", "unused") export declare function unused(): i32;

/** Whether copies of ends with a reader or writer are answered BLOCKED first. */
@external("script", "block") export declare function block(blocks: bool): void;

/** A readable end that is written to by a `TestWriter`. @returns its handle */
@external("script", "writer") export declare function writer(): u32;

/**
 * The writer gives an item of these bytes.
 * Caller must: give the address of as many bytes
 */
@unsafe
@external("script", "give") export declare function give(end: u32, ptr: usize, byteLength: u32): void;

/**
 * The writer gives a string or list: these bytes go into the guest's memory first.
 * Caller must: give the address of as many bytes
 */
@unsafe
@external("script", "giveBlock")
export declare function giveBlock(end: u32, ptr: usize, byteLength: u32, length: u32): void;

/** The writer has nothing for so many turns. */
@external("script", "later") export declare function later(end: u32, turns: u32): void;

/** The writer goes away. */
@external("script", "drop") export declare function drop(end: u32): void;

/** Reads the next stream or future that the guest makes, at most `take` items of it. @returns its number */
@external("script", "reader") export declare function reader(take: i32): i32;

/** How many items this reader has. */
@external("script", "readCount") export declare function readCount(reader: i32): i32;

/**
 * Copies such an item.
 * Caller must: give the address of as many bytes
 */
@unsafe
@external("script", "read")
export declare function read(reader: i32, index: i32, ptr: usize, byteLength: u32): void;

/** Bytes of the string or list that such an item names; `width` is one element's. */
@external("script", "readBlockLength")
export declare function readBlockLength(reader: i32, index: i32, width: u32): u32;

/**
 * Copies that string or list.
 * Caller must: give the address of as many bytes
 */
@unsafe
@external("script", "readBlock")
export declare function readBlock(reader: i32, index: i32, ptr: usize, byteLength: u32): void;

/** Whether the guest has dropped its end. */
@external("script", "isGone") export declare function isGone(end: u32): bool;

/** The same for the end that this reader reads from. */
@external("script", "isReaderGone") export declare function isReaderGone(reader: i32): bool;
