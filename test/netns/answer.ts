/**
 * A server outside: answers on each TCP and UDP port given with the address of the peer that it sees.
 * `node answer.ts ADDRESS/PROTOCOL/PORT...`, for instance `203.0.113.25/tcp/80`.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

for (const argument of process.argv.slice(2)) {
  const [address = '', protocol = '', port = ''] = argument.split('/');
  if (protocol === 'tcp') {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.end(JSON.stringify({ peer: socket.remoteAddress, server: argument }));
    });
    server.listen(Number(port), address);
    await once(server, 'listening');
  } else {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.on('message', (_, peer) => {
      socket.send(JSON.stringify({ peer: peer.address, server: argument }), peer.port, peer.address);
    });
    socket.bind(Number(port), address);
    await once(socket, 'listening');
  }
}
console.log('ready');
