//! Sends back to each TCP client what it sends, as many at once as the host lets in.
use wasi_examples::print;
use wasip3::sockets::types::{IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, TcpSocket};

wasip3::cli::command::export!(Echo);

struct Echo;

const PORT: u16 = 7007;

impl wasip3::exports::cli::run::Guest for Echo {
    async fn run() -> Result<(), ()> {
        let socket = TcpSocket::create(IpAddressFamily::Ipv4).map_err(|_| ())?;
        let address = Ipv4SocketAddress {
            port: PORT,
            address: (127, 0, 0, 1),
        };
        socket
            .bind(IpSocketAddress::Ipv4(address))
            .map_err(|_| ())?;
        let mut clients = socket.listen().map_err(|_| ())?;
        print("listening").await;
        while let Some(client) = clients.next().await {
            let (received, _) = client.receive();
            drop(client.send(received));
        }
        Ok(())
    }
}
