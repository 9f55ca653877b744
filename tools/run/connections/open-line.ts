/** Opens TCP connections and serial lines. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type * as Serial from "serialport";
import { systemReason } from "../../errors/system-error.js";
import { UserError } from "../../errors/user-error.js";
import type { SerialAddress, TcpAddress } from "./address.js";
import { optionalPackage } from "./optional-package.js";

/** Connects, or waits for whoever connects. @throws UserError when it cannot */
export async function openTcp(address: TcpAddress): Promise<Duplex> {
  return address.listen ? accept(address) : dial(address);
}

async function dial({ name, host, port }: TcpAddress): Promise<Socket> {
  const socket = connect({ host, port, allowHalfOpen: true });
  try {
    await once(socket, "connect");
  } catch (error) {
    throw new UserError(`${name}: cannot connect: ${reasonOf(error)}`);
  }
  return socket.setNoDelay();
}

/** The first who connects is the run's; nobody else is let in. */
async function accept({ name, host, port }: TcpAddress): Promise<Socket> {
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  server.maxConnections = 1;
  try {
    server.listen({ host, port });
    await once(server, "listening");
    const { address, port: bound, family } = server.address() as AddressInfo;
    const shown = family === "IPv6" ? `[${address}]` : address;
    process.stderr.write(`rill: listening on tcp://${shown}:${bound}\n`);
    const [socket] = (await once(server, "connection")) as [Socket];
    return socket;
  } catch (error) {
    throw new UserError(`${name}: cannot listen: ${reasonOf(error)}`);
  } finally {
    server.close();
  }
}

/** Opens a serial line. @throws UserError when it cannot be opened, or serialport is not installed */
export async function openSerial({ name, path, baud, bits, parity, stop }: SerialAddress): Promise<Duplex> {
  const { SerialPort } = await optionalPackage<typeof Serial>("serialport", name);
  const port = new SerialPort({
    path,
    baudRate: baud,
    dataBits: bits,
    parity,
    stopBits: stop,
    autoOpen: false,
  });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (error) reject(new UserError(`${name}: cannot be opened: ${error.message.replace(/^Error: /, "")}`));
      else resolve();
    });
  });
  process.stderr.write(`rill: ${name}: open\n`);
  return port;
}

function reasonOf(error: unknown): string {
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
  return systemReason(first);
}
