/** Where a stream of `rill run` comes from or goes to when it is no file, as the command line says it. */
import { withoutPasswords } from "../../errors/passwords.js";
import { UserError } from "../../errors/user-error.js";
import type { ItemFormat } from "../formats/item-format.js";
import { AddressOptions } from "./address-options.js";

/** Which end of the run an address is for. */
export type Direction = "in" | "out";

/** A topic at a broker: `mqtt://[USER[:PASSWORD]@]HOST[:PORT]/TOPIC`. */
export interface MqttAddress {
  readonly kind: "mqtt";
  /** What messages call it: without password and options. */
  readonly name: string;
  readonly format: ItemFormat | undefined;
  /** `mqtt://host:port`, as MQTT.js takes it. */
  readonly broker: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** A topic's name; of an input a filter, also `$share/GROUP/FILTER`. */
  readonly topic: string;
  /** The client id of a session that outlives the run; undefined for one that does not. */
  readonly client: string | undefined;
  /** Seconds for which the broker keeps the session of a client that is away. */
  readonly session: number;
  /** Messages that may be unacknowledged at once. */
  readonly window: number;
  /** Items in a message that is sent, at most. */
  readonly items: number;
  /** Seconds after which a lost connection is given up. */
  readonly reconnect: number;
}

/** The other end of a TCP connection: `tcp://HOST:PORT`, or who may connect: `tcp://HOST:PORT?listen`. */
export interface TcpAddress {
  readonly kind: "tcp";
  readonly name: string;
  readonly format: ItemFormat | undefined;
  readonly host: string;
  readonly port: number;
  readonly listen: boolean;
}

/** A serial line: `serial:PATH@BAUD`. */
export interface SerialAddress {
  readonly kind: "serial";
  readonly name: string;
  readonly format: ItemFormat | undefined;
  readonly path: string;
  readonly baud: number;
  readonly bits: 7 | 8;
  readonly parity: "none" | "even" | "odd";
  readonly stop: 1 | 2;
}

/** Where a stream comes from or goes to. */
export type Address = MqttAddress | TcpAddress | SerialAddress;

/** Seconds of a day: how long a broker keeps a session when nothing else is said. */
const DAY = 86_400;
/** The most that MQTT has room for. */
const MOST_IN_FLIGHT = 65_535;

/**
 * The address that `text` is; null for the name of a file.
 * @throws UserError for one that cannot be, naming `flag`
 */
export function addressOf(text: string, direction: Direction, flag: string): Address | null {
  const scheme = /^(mqtts?|tcp|serial):/.exec(text)?.[1];
  if (scheme === undefined) return null;
  const at = text.indexOf("?");
  const place = at < 0 ? text : text.slice(0, at);
  const refuse = (why: string): never => {
    throw new UserError(`${flag}${withoutPasswords(place)}: ${why}`);
  };
  const options = new AddressOptions(at < 0 ? "" : text.slice(at + 1), refuse);
  const address = read(scheme, place, direction, options, refuse);
  options.refuseRest();
  return address;
}

/** Two addresses of one line or one connection, which both directions share. */
export function isSameLine(one: Address, other: Address): boolean {
  return one.kind !== "mqtt" && one.name === other.name;
}

function read(
  scheme: string,
  place: string,
  direction: Direction,
  options: AddressOptions,
  refuse: (why: string) => never,
): Address {
  if (scheme === "tcp") return tcp(place, options, refuse);
  if (scheme === "serial") return serial(place, options, refuse);
  return mqtt(scheme, place, direction, options, refuse);
}

function mqtt(
  scheme: string,
  place: string,
  direction: Direction,
  options: AddressOptions,
  refuse: (why: string) => never,
): MqttAddress {
  const [, authority, encoded] = /^mqtts?:\/\/([^/]*)\/(.+)$/s.exec(place) ?? [];
  const url = authority === undefined ? null : parsed(`http://${authority}/`);
  if (url === null || encoded === undefined || url.hostname === "")
    return refuse(`write ${scheme}://HOST[:PORT]/TOPIC`);
  const topic = decoded(encoded) ?? refuse('a "%" in a topic is written %25');
  refuseTopic(topic, direction, refuse);
  const port = url.port === "" ? (scheme === "mqtts" ? "8883" : "1883") : url.port;
  return {
    kind: "mqtt",
    name: withoutPasswords(place),
    format: options.format(),
    broker: `${scheme}://${url.hostname}:${port}`,
    username: url.username === "" ? undefined : (decoded(url.username) ?? url.username),
    password: url.password === "" ? undefined : (decoded(url.password) ?? url.password),
    topic,
    client: options.text("client"),
    session: direction === "in" ? options.number("session", DAY, 0, 0xffff_ffff) : 0,
    window: options.number("window", 100, 1, MOST_IN_FLIGHT),
    items: direction === "out" ? options.number("items", 1, 1, 1_000_000) : 1,
    reconnect: options.number("reconnect", 60, 0, DAY),
  };
}

/** The rules that a broker ends the connection for, without a word. */
function refuseTopic(topic: string, direction: Direction, refuse: (why: string) => never): void {
  const shared = /^\$share\/([^/]*)\/(.*)$/s.exec(topic);
  if (topic.startsWith("$share") && (shared === null || !/^[^+#]+$/.test(shared[1]!) || shared[2] === ""))
    refuse("a shared subscription is $share/GROUP/TOPIC");
  if (direction === "out" && (shared !== null || /[+#]/.test(topic)))
    refuse('items go to one topic: without "+", "#" and $share');
  const levels = (shared?.[2] ?? topic).split("/");
  const isWrong = (level: string, i: number): boolean =>
    level.length > 1 ? /[+#]/.test(level) : level === "#" && i < levels.length - 1;
  if (levels.some(isWrong)) refuse('"+" stands for one whole level of a topic, "#" for all that are left');
}

function tcp(place: string, options: AddressOptions, refuse: (why: string) => never): TcpAddress {
  const [, inBrackets, bare, digits] = /^tcp:\/\/(?:\[([^\]]+)\]|([^:/@[\]]+)):(\d+)\/?$/.exec(place) ?? [];
  const host = inBrackets ?? bare;
  const port = Number(digits);
  const listen = options.flag("listen");
  if (host === undefined || port > 65_535 || (port === 0 && !listen))
    return refuse(
      "write tcp://HOST:PORT, or tcp://HOST:PORT?listen (0.0.0.0 is every address of this machine)",
    );
  return { kind: "tcp", name: place, format: options.format(), host, port, listen };
}

function serial(place: string, options: AddressOptions, refuse: (why: string) => never): SerialAddress {
  const [, path, digits] = /^serial:(.+)@(\d+)$/.exec(place) ?? [];
  const baud = Number(digits);
  if (path === undefined || baud < 50 || baud > 20_000_000)
    return refuse("write serial:PATH@BAUD, as in serial:/dev/ttyACM0@115200");
  return {
    kind: "serial",
    name: place,
    format: options.format(),
    path,
    baud,
    bits: options.oneOf("bits", ["8", "7"]) === "7" ? 7 : 8,
    parity: options.oneOf("parity", ["none", "even", "odd"]),
    stop: options.oneOf("stop", ["1", "2"]) === "2" ? 2 : 1,
  };
}

function parsed(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
