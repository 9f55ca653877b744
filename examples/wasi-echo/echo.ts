/** Sends back to each TCP client what it sends, as many at once as the host lets in. */
import { print } from "as-rill/wasi";
import { run } from "./bindings/wasi-cli-run";
import {
  IpSocketAddress,
  ResultStreamTcpSocketErrorCode,
  ResultTcpSocketErrorCode,
  ResultUnitErrorCode,
  TcpSocket,
  ipAddressFamily,
  tcpSocketBind,
} from "./bindings/wasi-sockets-types";

const PORT: u16 = 7007;

export function runRun(task: run.Task): void {
  const made = TcpSocket.create(ipAddressFamily.ipv4);
  if (made.tag != ResultTcpSocketErrorCode.ok) {
    task.resolve(false);
    return;
  }
  const socket = made.ok;
  if (!isBound(socket)) {
    task.resolve(false);
    return;
  }
  const listening = socket.listen();
  if (listening.tag != ResultStreamTcpSocketErrorCode.ok) {
    task.resolve(false);
    return;
  }
  const clients = listening.ok.open();
  print("listening");
  while (clients.next()) {
    const client = clients.value;
    const received = client.receive();
    received.item1.drop();
    // The stream of what comes is the stream of what goes: the host copies, for all clients side by side.
    client.send(received.item0).drop();
    client.drop();
  }
  task.resolve(true);
}

/** Binds the socket to 127.0.0.1:PORT. */
function isBound(socket: TcpSocket): bool {
  const address = tcpSocketBind.localAddress();
  address.tag = IpSocketAddress.ipv4;
  address.ipv4.port = PORT;
  address.ipv4.address.item0 = 127;
  address.ipv4.address.item1 = 0;
  address.ipv4.address.item2 = 0;
  address.ipv4.address.item3 = 1;
  return socket.bind(address).tag == ResultUnitErrorCode.ok;
}
