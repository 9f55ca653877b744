/** A Mosquitto for a test. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { connect as dial, createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import { mosquitto } from "../../tools/setup/programs.js";
import { isMissing } from "../../tools/setup/tool.js";
import { pause } from "./runner.js";

/** A running broker. */
export interface Broker {
  readonly port: number;
  /** Connects a client of the test's own. */
  connect(options?: IClientOptions): Promise<MqttClient>;
  /** Ends it, and the test's clients. */
  stop(): Promise<void>;
}

/**
 * Starts a broker that forgets nothing while it runs.
 * @param more lines of its configuration
 * @param port of one that was here before; else a free one
 */
export async function startBroker(
  folder: string,
  more: readonly string[] = [],
  port?: number,
): Promise<Broker> {
  const own = port ?? (await freePort());
  const lines = [
    `listener ${own} 127.0.0.1`,
    "user root",
    "persistence false",
    "max_queued_messages 0",
    ...more,
  ];
  if (!more.some((line) => line.startsWith("allow_anonymous"))) lines.push("allow_anonymous true");
  const config = join(folder, `mosquitto-${own}.conf`);
  writeFileSync(config, `${lines.join("\n")}\n`);
  const program = await mosquitto();
  if (isMissing(program)) throw new Error(`${program.missing}: ${program.how}`);
  const child = spawn(program.path, ["-c", config], { stdio: "ignore" });
  await reachable(own, child);
  const clients: MqttClient[] = [];
  return {
    port: own,
    connect: async (options) => {
      const client = await connectAsync(`mqtt://127.0.0.1:${own}`, { protocolVersion: 5, ...options });
      clients.push(client);
      return client;
    },
    stop: async () => {
      for (const client of clients) client.end(true);
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

/** Where Debian has a plugin of the broker's: a folder of the machine's kind. */
export function pluginPath(name: string): string {
  const folders = readdirSync("/usr/lib", { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const found = folders.map((entry) => join("/usr/lib", entry.name, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`there is no ${name} in /usr/lib`);
  return found;
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function reachable(port: number, broker: ChildProcess): Promise<void> {
  while (broker.exitCode === null) {
    const socket = dial(port, "127.0.0.1");
    try {
      await once(socket, "connect");
      return;
    } catch {
      await pause(50);
    } finally {
      socket.destroy();
    }
  }
  throw new Error(`mosquitto ended with ${broker.exitCode}`);
}
