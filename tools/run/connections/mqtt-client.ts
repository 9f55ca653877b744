/** A client of a broker: connected, and connected again when the connection is lost. */
import { randomBytes } from "node:crypto";
import type * as Mqtt from "mqtt";
import { UserError } from "../../errors/user-error.js";
import type { MqttAddress } from "./address.js";
import type { Closable } from "./connection.js";
import { optionalPackage } from "./optional-package.js";

/** Milliseconds for which a broker may take to answer. */
const CONNECT_TIMEOUT = 10_000;
/** Milliseconds between two attempts to get a lost connection back. */
const RECONNECT_PERIOD = 1000;
/** Milliseconds that a connection lasts at least when nobody competes for the client id. */
const SHORT = 3000;
const MOST_SHORT_ONES = 3;
/** Another client has connected with the same id (MQTT 5.0, 3.14.2.1). */
const SESSION_TAKEN_OVER = 0x8e;

/** A connected client. */
export class MqttConnection implements Closable {
  private giveUp: NodeJS.Timeout | null = null;
  private connectedAt = performance.now();
  /** How often in a row a connection was lost as soon as it was made. */
  private shortOnes = 0;
  private closing = false;

  private constructor(
    readonly client: Mqtt.MqttClient,
    /** What the broker answered when the connection was made first. */
    readonly accepted: Mqtt.IConnackPacket,
    private readonly address: MqttAddress,
    private readonly lost: (message: string) => void,
  ) {
    client.on("close", () => {
      this.startGivingUp();
    });
    client.on("connect", () => {
      this.connectedAt = performance.now();
      this.stopGivingUp();
      this.tell("is back");
    });
    client.on("error", (error) => {
      // The broker's own refusals have numbers; that nobody answers may pass.
      if (typeof (error as { code?: unknown }).code === "number") this.lose(reasonOf(error));
    });
    client.on("disconnect", ({ reasonCode }) => {
      if (reasonCode === SESSION_TAKEN_OVER) this.lose(`another client has connected as ${address.client!}`);
    });
  }

  /**
   * Connects.
   * @param lost called when the connection is gone for good
   * @param prepare is shown the client before it connects: a session may have messages at once
   * @throws UserError when there is no such broker, or it does not let us in
   */
  static async open(
    address: MqttAddress,
    lost: (message: string) => void,
    prepare: (client: Mqtt.MqttClient) => void = () => undefined,
  ): Promise<MqttConnection> {
    const { connect } = await optionalPackage<typeof Mqtt>("mqtt", address.name);
    const { broker, username, password, client: id, session, reconnect, window } = address;
    const client = connect(broker, {
      protocolVersion: 5,
      clientId: id ?? `rill-${randomBytes(6).toString("hex")}`,
      // A session bridges a lost connection, and with a client id also the time between two runs.
      clean: false,
      properties: { sessionExpiryInterval: id === undefined ? reconnect : session, receiveMaximum: window },
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      connectTimeout: CONNECT_TIMEOUT,
      reconnectPeriod: RECONNECT_PERIOD,
      resubscribe: false,
    });
    prepare(client);
    const accepted = await new Promise<Mqtt.IConnackPacket>((resolve, reject) => {
      const refuse = (error?: Error): void => {
        client.off("error", refuse).off("close", refuse);
        client.on("error", () => undefined).end(true);
        const why = error === undefined ? "the broker does not answer" : reasonOf(error);
        reject(new UserError(`${address.name}: cannot connect to ${broker}: ${why}`));
      };
      client.once("error", refuse);
      client.once("close", refuse);
      client.once("connect", (packet) => {
        client.off("error", refuse).off("close", refuse);
        resolve(packet);
      });
    });
    return new MqttConnection(client, accepted, address, lost);
  }

  /** Ends the connection for good. */
  lose(why: string): void {
    if (this.closing) return;
    this.closing = true;
    this.stopGivingUp();
    this.client.end(true);
    this.lost(`${this.address.name}: ${why}`);
  }

  /** Sends what is on its way, and goes; a session without a client id goes, too. */
  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    this.stopGivingUp();
    const isLasting = this.address.client !== undefined;
    await this.client.endAsync(
      !this.client.connected,
      isLasting ? {} : { properties: { sessionExpiryInterval: 0 } },
    );
  }

  private startGivingUp(): void {
    if (this.closing || this.giveUp !== null) return;
    this.shortOnes = performance.now() - this.connectedAt < SHORT ? this.shortOnes + 1 : 0;
    if (this.shortOnes === MOST_SHORT_ONES) {
      const { client } = this.address;
      const who = client === undefined ? "" : `: another client connects as ${client}`;
      this.lose(`the connection is lost again and again${who}`);
      return;
    }
    const { reconnect } = this.address;
    this.tell(`is lost; trying for ${reconnect} s to get it back`);
    this.giveUp = setTimeout(() => {
      this.lose(`the connection is lost, and not back after ${reconnect} s`);
    }, reconnect * 1000);
  }

  private stopGivingUp(): void {
    if (this.giveUp !== null) clearTimeout(this.giveUp);
    this.giveUp = null;
  }

  private tell(what: string): void {
    process.stderr.write(`rill: ${this.address.name}: the connection ${what}\n`);
  }
}

/** Nobody whom Node knows has signed the broker's certificate. */
const CERTIFICATE = /SELF_SIGNED_CERT|UNABLE_TO_(?:GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)/;

/** Why the broker or the system refuses. */
export function reasonOf(error: Error): string {
  const [first] = error instanceof AggregateError ? (error.errors as Error[]) : [error];
  const { code, message } = first as NodeJS.ErrnoException;
  if (code === "ECONNREFUSED") return "nobody listens there";
  if (CERTIFICATE.test(String(code)))
    return `${message}; name the file of whoever signed it in the environment: NODE_EXTRA_CA_CERTS=ca.pem`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "there is no such host";
  return message.replace(/^(?:Connection refused|Publish error|Subscribe error): /, "").replace(/\s+/g, " ");
}
