import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from 'vscode-languageserver/browser';
import { serve } from './connection.ts';
import type { Platform } from './platform.ts';

/** The program of a worker in a browser: there are no files but those the client reads, and no name service. */
const platform: Platform = { defer: deferByMessage() };

const reader = new BrowserMessageReader(globalThis);
const writer = new BrowserMessageWriter(globalThis);
serve(createConnection(ProposedFeatures.all, reader, writer), platform);

/** Timers of a browser wait for 4 ms and more; a message to oneself comes right behind those that are there. */
function deferByMessage(): Platform['defer'] {
  const { port1, port2 } = new MessageChannel();
  const tasks: (() => void)[] = [];
  port1.addEventListener('message', () => tasks.shift()?.());
  port1.start();
  return (task) => {
    tasks.push(task);
    port2.postMessage(null);
  };
}
