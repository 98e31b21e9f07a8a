/**
 * One connection that goes on: `node flow.ts ask PROTOCOL ADDRESS PORT` sends every 50 ms and prints a line for
 * each answer, `NAME COUNT`, and `closed CODE` at its end. `node flow.ts serve ADDRESS/PROTOCOL/PORT...` answers
 * with the name of the listener.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';

const [mode = '', ...args] = process.argv.slice(2);
if (mode === 'serve') {
  for (const name of args) await serve(name);
  console.log('ready');
} else {
  const [protocol = '', address = '', port = ''] = args;
  ask(protocol, address, Number(port));
}

async function serve(name: string): Promise<void> {
  const [address = '', protocol = '', port = ''] = name.split('/');
  if (protocol === 'tcp') {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', () => socket.write(`${name}\n`));
    });
    await once(server.listen(Number(port), address), 'listening');
  } else {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.on('message', (_, peer) => socket.send(name, peer.port, peer.address));
    await once(socket.bind(Number(port), address), 'listening');
  }
}

function ask(protocol: string, address: string, port: number): void {
  let count = 0;
  const answered = (name: string): void => {
    count += 1;
    console.log(`${name.trim()} ${count}`);
  };
  if (protocol === 'tcp') {
    const socket = createConnection({ host: address, port });
    const sending = setInterval(() => socket.write('x'), 50);
    socket.on('data', (chunk) => answered(chunk.toString().split('\n')[0] ?? ''));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      console.log(`closed ${error.code ?? ''}`);
      clearInterval(sending);
    });
  } else {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.on('message', (chunk) => answered(chunk.toString()));
    // A port that rejects is told to a connected socket only.
    socket.on('error', () => {});
    setInterval(() => socket.send('x', port, address), 50);
  }
}
