/**
 * One large datagram there and back: `node datagram.ts serve ADDRESS PORT` answers with as many bytes as came, and
 * with the address that they came from; `node datagram.ts send ADDRESS PORT SIZE` prints how many came back.
 */
import { createSocket } from 'node:dgram';

const [mode = '', address = '', port = '', size = ''] = process.argv.slice(2);
const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
if (mode === 'serve') {
  socket.on('message', (message, peer) => {
    socket.send(peer.address.padEnd(message.length), peer.port, peer.address);
  });
  socket.bind(Number(port), address, () => console.log('ready'));
} else {
  const ask = (): void => socket.send('x'.repeat(Number(size)), Number(port), address);
  setTimeout(() => process.exit(1), 5000);
  socket.on('message', (message) => {
    console.log(`${message.length} from ${message.toString().trim()}`);
    process.exit(0);
  });
  ask();
  // The first one may be lost while neighbors look for each other.
  setInterval(ask, 500);
}
