/**
 * The network's side of a run: opens its connections, passes parcels to and from the guest's thread, and
 * lets an input know that a parcel is done when all that came of it is flushed.
 */
import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { PlannedStreams } from "../run-plan.js";
import { isSameLine, type Address, type MqttAddress } from "./address.js";
import { ByteLine } from "./byte-line.js";
import type { Closable, Inlet, InletEvents, Outlet } from "./connection.js";
import { MqttConnection } from "./mqtt-client.js";
import { MqttInlet } from "./mqtt-inlet.js";
import { MqttOutlet } from "./mqtt-outlet.js";
import { openSerial, openTcp } from "./open-line.js";
import { ring } from "./bell.js";
import {
  FLUSHED,
  WIRE_WORDS,
  type Done,
  type Parcel,
  type ToGuest,
  type ToNetwork,
  type WireEnd,
} from "./wire.js";

/** What is done once so many parcels are flushed. */
interface Due {
  readonly flushed: number;
  readonly done: readonly Done[];
}

/** All connections of a run. */
export class Network implements Closable {
  /** The other side of the wire; its port is to be transferred. */
  readonly guestEnd: WireEnd;
  private readonly port: MessagePort;
  private readonly words: Int32Array;
  private readonly inlets = new Map<number, Inlet>();
  private readonly doneCounts = new Map<number, number>();
  private readonly connections: Closable[] = [];
  private readonly lines: { readonly address: Address; readonly line: ByteLine }[] = [];
  private outlet: Outlet | null = null;
  /** Of the parcels that were sent on and whose flush is not counted, whether they are flushed. */
  private readonly outgoing: { isFlushed: boolean }[] = [];
  private sent = 0;
  private flushed = 0;
  private due: Due[] = [];

  private constructor() {
    const { port1, port2 } = new MessageChannel();
    const words = new SharedArrayBuffer(4 * WIRE_WORDS);
    this.port = port1;
    this.words = new Int32Array(words);
    this.guestEnd = { port: port2, words };
    port1.on("message", (message: ToNetwork) => {
      this.take(message);
    });
  }

  /** Opens what the plan names. @throws UserError when one cannot be opened */
  static async open({ inputs, output }: PlannedStreams): Promise<Network> {
    const from = inputs.map((input) => (input.kind === "stream" ? input.address : null));
    const to = output.kind === "items" ? (output.file?.address ?? null) : null;
    const network = new Network();
    try {
      if (to !== null) network.outlet = await network.openOutlet(to);
      for (const [input, address] of from.entries())
        if (address !== null) network.inlets.set(input, await network.openInlet(input, address));
      return network;
    } catch (error) {
      await network.close();
      throw error;
    }
  }

  /** Has the run come to its end: no input brings any more. */
  stop(): void {
    for (const inlet of this.inlets.values()) inlet.stop();
    this.post({ kind: "stop" });
  }

  /** Closes every connection, when what is on its way has gone. */
  async close(): Promise<void> {
    this.port.close();
    await Promise.all(this.connections.map((connection) => connection.close()));
  }

  private async openInlet(input: number, address: Address): Promise<Inlet> {
    const events: InletEvents = {
      parcel: (parcel) => {
        this.post({ kind: "parcel", input, parcel });
      },
      ended: () => {
        this.post({ kind: "end", input });
      },
      lost: this.lost,
    };
    if (address.kind === "mqtt") return this.openTopic(address, events);
    const line = await this.lineOf(address);
    line.startReading(events);
    return line;
  }

  private async openTopic(address: MqttAddress, events: InletEvents): Promise<Inlet> {
    let inlet: MqttInlet | null = null;
    const connection = await MqttConnection.open(address, this.lost, (client) => {
      inlet = new MqttInlet(client, events);
    });
    await inlet!.subscribe(this.closing(connection), address);
    return inlet!;
  }

  private async openOutlet(address: Address): Promise<Outlet> {
    if (address.kind !== "mqtt") return this.lineOf(address);
    return new MqttOutlet(this.closing(await MqttConnection.open(address, this.lost)), address);
  }

  /** One line for both directions, where both name it. */
  private async lineOf(address: Exclude<Address, { kind: "mqtt" }>): Promise<ByteLine> {
    const known = this.lines.find((other) => isSameLine(other.address, address));
    if (known !== undefined) return known.line;
    const stream = await (address.kind === "tcp" ? openTcp(address) : openSerial(address));
    const line = this.closing(new ByteLine(stream, address.name, this.lost));
    this.lines.push({ address, line });
    return line;
  }

  private closing<C extends Closable>(connection: C): C {
    this.connections.push(connection);
    return connection;
  }

  private readonly lost = (message: string): void => {
    this.post({ kind: "lost", message });
  };

  private post(message: ToGuest): void {
    this.port.postMessage(message);
    this.ring();
  }

  private ring(): void {
    ring(this.words);
  }

  private take({ parcels, done }: ToNetwork): void {
    for (const parcel of parcels) this.send(parcel);
    if (done.length > 0) this.due.push({ flushed: this.sent, done });
    this.settle();
  }

  private send(parcel: Parcel): void {
    const { outgoing } = this;
    const entry = { isFlushed: false };
    outgoing.push(entry);
    this.sent++;
    this.outlet!.send(parcel, () => {
      entry.isFlushed = true;
      while (outgoing[0]?.isFlushed === true) {
        outgoing.shift();
        this.flushed++;
        Atomics.add(this.words, FLUSHED, 1);
      }
      this.ring();
      this.settle();
    });
  }

  /** Lets inputs know of what is done, as far as all is flushed that was sent before it was said to be. */
  private settle(): void {
    while (this.due[0] !== undefined && this.due[0].flushed <= this.flushed)
      for (const { input, count } of this.due.shift()!.done) this.settleInput(input, count);
  }

  private settleInput(input: number, count: number): void {
    const inlet = this.inlets.get(input);
    for (let known = this.doneCounts.get(input) ?? 0; known < count; known++) inlet?.done();
    this.doneCounts.set(input, count);
  }
}
