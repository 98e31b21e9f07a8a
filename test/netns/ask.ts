/**
 * A client: connects, or sends one datagram, and prints as JSON what came of it: an answer or an error code.
 * `node ask.ts PROTOCOL ADDRESS PORT TIMEOUT_MS`
 */
import { createSocket } from 'node:dgram';
import { createConnection } from 'node:net';

const [protocol = '', address = '', port = '', timeoutMs = ''] = process.argv.slice(2);

function finish(outcome: object): void {
  console.log(JSON.stringify(outcome));
  process.exit(0);
}

setTimeout(() => finish({ error: 'TIMEOUT' }), Number(timeoutMs));
if (protocol === 'tcp') {
  let text = '';
  const socket = createConnection({ host: address, port: Number(port) });
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  socket.on('end', () => finish({ answer: JSON.parse(text) }));
  socket.on('error', (error: NodeJS.ErrnoException) => finish({ error: error.code }));
} else {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (text) => finish({ answer: JSON.parse(text.toString()) }));
  socket.on('error', (error: NodeJS.ErrnoException) => finish({ error: error.code }));
  // Only a connected socket is told of ICMP errors.
  socket.connect(Number(port), address, () => socket.send('?'));
}
