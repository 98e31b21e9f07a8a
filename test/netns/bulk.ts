/**
 * Much data both ways on one TCP connection: more than fits into any packet. The server gives back as many bytes
 * as it got; the client prints how many that were. `node bulk.ts serve ADDRESS PORT`, `node bulk.ts send ADDRESS
 * PORT BYTES`
 */
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';

const [command = '', address = '', port = '', bytes = ''] = process.argv.slice(2);

if (command === 'serve') {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  server.listen(Number(port), address);
  await once(server, 'listening');
  console.log('ready');
} else {
  const socket = createConnection({ host: address, port: Number(port), allowHalfOpen: true });
  let received = 0;
  socket.on('data', (chunk) => {
    received += chunk.length;
  });
  socket.end(Buffer.alloc(Number(bytes), 'x'));
  await once(socket, 'end');
  console.log(received);
}
