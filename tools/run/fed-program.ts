/**
 * A program of the C host with what feeds it and what writes its items: feeders read files (feed.ts), a
 * thread writes the output and feeds from connections (write-job.ts). Pipes are between them, so items go on
 * as they come, and whoever is slow holds the others back.
 */
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Duplex, Readable, Writable } from "node:stream";
import { UserError } from "../errors/user-error.js";
import { endProcess, startProcess } from "../processes/start-process.js";
import type { ConnectedFeed, Fed, Rest } from "./connections/connected-feeds.js";
import type { WireEnd } from "./connections/wire.js";
import type { Feed } from "./feed.js";
import type { RunInput, RunOutput } from "./run-plan.js";
import { startFeeder } from "./start-feeder.js";
import { startJob, type Job } from "./worker-job.js";
import type { ToWriter, WriteJob } from "./write-job.js";

const FACTS = 1;
const MESSAGES = 2;
/** The descriptor that the items come out of; those that go in come behind it. */
export const OUTPUT = 3;
/** The first of those. */
export const FIRST_INPUT = 4;

/** Answers a guest's calls over the socket. @returns what rejects when the functions are at fault */
export type Serve = (socket: Duplex) => Promise<never>;

/** The descriptor of a guest's calls, behind those of `feeds`. @param index among guests with functions */
export function importsDescriptor(feeds: readonly Feed[], index: number): number {
  return FIRST_INPUT + feeds.length + index;
}

/** What goes into a program, and comes out. */
export interface FedStreams {
  readonly feeds: readonly Feed[];
  /** Of all guests. */
  readonly inputs: readonly RunInput[];
  readonly output: RunOutput;
  /** To the connections among them; null without. */
  readonly wire: WireEnd | null;
}

/** Where a program with connections tells how far its guests are. @param serves guests with functions */
export function restsDescriptor({ feeds, wire }: FedStreams, serves: number): number | undefined {
  return wire === null ? undefined : importsDescriptor(feeds, serves);
}

/** A program of the C host with what feeds it and what writes its items. */
export class FedProgram {
  private readonly guest: ChildProcess;
  private readonly feeders: readonly ChildProcess[];
  private readonly job: Job<undefined> | null;
  /** Each rejects when the functions that a guest calls are at fault. */
  private readonly failures: readonly Promise<never>[];
  private readonly rests: Readable | null;
  /** What the thread is sent, one thing after the other. */
  private sending: Promise<void> = Promise.resolve();

  constructor(
    [program, ...args]: readonly string[],
    private readonly streams: FedStreams,
    serves: readonly Serve[],
  ) {
    const { feeds } = streams;
    const rests = restsDescriptor(streams, serves.length);
    const more = [...feeds, ...serves, ...(rests === undefined ? [] : [rests])];
    this.guest = startProcess(program!, args, {
      stdio: ["ignore", "pipe", "pipe", "pipe", ...more.map(() => "pipe" as const)],
    });
    this.failures = serves.map((serve, i) => serve(this.guest.stdio[importsDescriptor(feeds, i)] as Duplex));
    this.rests = rests === undefined ? null : (this.guest.stdio[rests] as Readable);
    this.feeders = feeds.flatMap((feed, i) =>
      feed.address === null ? this.feeder(feed, FIRST_INPUT + i) : [],
    );
    this.job = this.startJob();
  }

  private feeder(feed: Feed, descriptor: number): ChildProcess {
    const end = this.guest.stdio[descriptor]!;
    const feeder = startFeeder(feed, end);
    end.destroy(); // the feeder has it now
    return feeder;
  }

  private startJob(): Job<undefined> | null {
    const { feeds: all, inputs, output, wire } = this.streams;
    if (wire === null && (output.kind !== "items" || output.file === null)) return null;
    const feeds = all.flatMap((feed, i): readonly ConnectedFeed[] => {
      const { address } = feed;
      return address === null ? [] : [{ ...feed, address, descriptor: FIRST_INPUT + i }];
    });
    for (const { descriptor } of feeds)
      // A guest that takes no more has closed it, or has ended.
      this.guest.stdio[descriptor]!.on("error", () => undefined);
    const job: WriteJob = { output, inputs, feeds, wire };
    return startJob(
      new URL("./write-job.js", import.meta.url),
      job,
      wire === null ? [] : [wire.port],
      (fed) => {
        this.give(fed);
      },
    );
  }

  /** Gives the guests what has come over a connection. */
  private give({ descriptor, bytes }: Fed): void {
    const end = this.guest.stdio[descriptor] as Writable;
    if (bytes === null) end.end();
    else
      end.write(bytes, (error) => {
        if (!error) void this.send(descriptor);
      });
  }

  /** @returns what rill-run told. @throws UserError, ReaderGone */
  async run(): Promise<string> {
    const { guest, feeders, job } = this;
    const facts = text(guest.stdio[FACTS] as Readable);
    const messages = text(guest.stdio[MESSAGES] as Readable);
    const closed = feeders.map((feeder) => Promise.all([ended(feeder), text(feeder.stderr!)]));
    try {
      await Promise.race([
        Promise.all([this.passItems(), this.passRests(), ended(guest)]),
        job?.result ?? new Promise(() => undefined),
        ...this.failures,
      ]);
      for (const feeder of feeders) endProcess(feeder, "SIGKILL");
      for (const [code, complaint] of await Promise.all(closed))
        if (code === 2) throw new UserError(complaint);
      const code = await ended(guest);
      if (code !== 0) throw new UserError((await messages).trim() || `rill-run ended with ${code}`);
      void this.send("close");
      await job?.result;
      return await facts;
    } catch (error) {
      for (const child of [guest, ...feeders]) endProcess(child, "SIGKILL");
      void this.send("discard");
      throw error;
    }
  }

  private async passItems(): Promise<void> {
    for await (const bytes of this.guest.stdio[OUTPUT] as Readable) await this.send(bytes as Buffer);
  }

  private async passRests(): Promise<void> {
    if (this.rests === null) return;
    for await (const line of createInterface(this.rests)) await this.send(JSON.parse(line) as Rest);
  }

  /** Sends the thread something, when it has taken what it was sent before. */
  send(message: ToWriter): Promise<void> {
    const { job } = this;
    if (job !== null) this.sending = this.sending.then(() => job.send(message));
    return this.sending;
  }
}

/** What a stream says until its end. */
async function text(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** The exit code of a program; null when a signal ended it. */
function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
}
