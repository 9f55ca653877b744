/** Messages to a topic; one is flushed when the broker has acknowledged it. */
import { reasonOf, type MqttConnection } from "./mqtt-client.js";
import type { MqttAddress } from "./address.js";
import type { Outlet } from "./connection.js";
import type { Parcel } from "./wire.js";

/** Sends parcels as messages at QoS 1. */
export class MqttOutlet implements Outlet {
  private readonly waiting: (() => void)[] = [];
  private inFlight = 0;
  private readonly window: number;

  constructor(
    private readonly connection: MqttConnection,
    private readonly address: MqttAddress,
  ) {
    this.window = Math.min(address.window, connection.accepted.properties?.receiveMaximum ?? address.window);
  }

  send(parcel: Parcel, flushed: () => void): void {
    const publish = (): void => {
      this.inFlight++;
      this.connection.client.publish(this.address.topic, Buffer.from(parcel.buffer), { qos: 1 }, (error) => {
        this.inFlight--;
        if (error) this.connection.lose(`the broker refuses a message: ${reasonOf(error)}`);
        else flushed();
        this.waiting.shift()?.();
      });
    };
    if (this.inFlight < this.window) publish();
    else this.waiting.push(publish);
  }
}
