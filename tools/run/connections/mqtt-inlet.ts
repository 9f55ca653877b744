/** Messages of a topic, each acknowledged when it is done. */
import type { IPublishPacket, MqttClient } from "mqtt";
import { UserError } from "../../errors/user-error.js";
import type { MqttAddress } from "./address.js";
import type { Inlet, InletEvents } from "./connection.js";
import { reasonOf, type MqttConnection } from "./mqtt-client.js";

/** Retained messages are sent when a subscription is new, and not each time that we connect. */
const RETAINED_WHEN_NEW = 1;

/**
 * A message at QoS 1 is the broker's until it is acknowledged: it sends it again when this process or its
 * connection goes before. MQTT.js acknowledges a message before it takes the next, which leaves one on its
 * way; so it is shown each message as one of QoS 0, and the acknowledgement is written here.
 */
export class MqttInlet implements Inlet {
  /** Of messages that have come and are not done, the ids in order; null where no broker waits for it. */
  private order: (number | null)[] = [];
  /** Messages that the broker has not been told of, by id: in work, or done while there was no connection. */
  private readonly open = new Map<number, "in work" | "done">();
  private stopped = false;

  /** Takes what comes from now on. */
  constructor(
    private readonly client: MqttClient,
    private readonly events: InletEvents,
  ) {
    client.on("packetreceive", (packet) => {
      if (packet.cmd === "publish") this.receive(packet);
    });
  }

  /** Subscribes, and again whenever the broker has forgotten. @throws UserError when it does not allow it */
  async subscribe(connection: MqttConnection, address: MqttAddress): Promise<void> {
    const { client } = this;
    await subscribe(client, address);
    process.stderr.write(`rill: ${address.name}: subscribed\n`);
    client.on("connect", ({ sessionPresent }) => {
      if (sessionPresent) return;
      this.forget();
      subscribe(client, address).catch((error: unknown) => {
        connection.lose((error as Error).message);
      });
    });
  }

  done(): void {
    const id = this.order.shift();
    if (id === undefined || id === null) return;
    if (this.client.connected) this.acknowledge(id);
    else this.open.set(id, "done");
  }

  stop(): void {
    this.stopped = true;
  }

  private receive(packet: IPublishPacket): void {
    const { qos, messageId: id, payload } = packet;
    packet.qos = 0;
    // Without an acknowledgement the broker gives it to whoever comes next.
    if (this.stopped) return;
    if (qos === 0 || id === undefined) this.order.push(null);
    else {
      const known = this.open.get(id);
      if (known === "done") this.acknowledge(id);
      if (known !== undefined) return;
      this.open.set(id, "in work");
      this.order.push(id);
    }
    this.events.parcel(
      typeof payload === "string" ? new TextEncoder().encode(payload) : new Uint8Array(payload),
    );
  }

  /** PUBACK with the reason "success" (MQTT 5.0, 3.4). */
  private acknowledge(id: number): void {
    this.open.delete(id);
    this.client.stream.write(Uint8Array.of(0x40, 2, id >> 8, id & 0xff));
  }

  /** The broker has a new session, whose ids are others. */
  private forget(): void {
    this.open.clear();
    this.order = this.order.map(() => null);
  }
}

async function subscribe(client: MqttClient, { name, topic }: MqttAddress): Promise<void> {
  const refused = (why: string): UserError =>
    new UserError(`${name}: the broker refuses the subscription: ${why}`);
  const options = topic.startsWith("$share/")
    ? { qos: 1 as const }
    : { qos: 1 as const, rh: RETAINED_WHEN_NEW };
  const granted = await client.subscribeAsync(topic, options).catch((error: unknown) => {
    throw refused(reasonOf(error as Error));
  });
  if (granted.some(({ qos }) => qos >= 0x80)) throw refused("not authorized");
}
