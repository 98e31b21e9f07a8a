// The web build of the language server in a worker of a real browser, with a client in this process.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  createMessageConnection,
  type DataCallback,
  type Disposable,
  Emitter,
  type Message,
  type MessageConnection,
  type MessageReader,
  type MessageWriter,
} from 'vscode-languageserver/node';
import { openBrowser } from '../host/browser.ts';

const bundle = path.join(path.dirname(path.dirname(import.meta.dirname)), 'dist/web/server.js');

export interface WorkerServer {
  readonly connection: MessageConnection;
  /** What the page and its worker have asked the network for since the worker was started. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export async function startWorkerServer(): Promise<WorkerServer> {
  const program = await readFile(bundle, 'utf8');
  const site = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>editor</title>');
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  const address = site.address();
  if (address === null || typeof address === 'string') throw new Error('The site has no port.');
  const origin = `http://127.0.0.1:${address.port}`;
  const browser = await openBrowser(origin);
  const page = await browser.context.newPage();
  await page.goto(origin);
  const asked: string[] = [];
  browser.context.on('request', (request) => asked.push(request.url()));
  const received = new Emitter<Message>();
  await page.exposeFunction('fromServer', (message: Message) => received.fire(message));
  await page.evaluate(startWorker, program);
  const connection = createMessageConnection(readerOf(received), writerTo(page));
  connection.listen();
  return {
    connection,
    asked,
    close: async () => {
      connection.dispose();
      await browser.close();
      site.close();
      await once(site, 'close');
    },
  };
}

/** In the page: by the program's text, as the extension does it. */
function startWorker(program: string): void {
  const worker = new Worker(URL.createObjectURL(new Blob([program], { type: 'text/javascript' })));
  const fromServer: unknown = Reflect.get(window, 'fromServer');
  worker.addEventListener('message', ({ data }) => {
    if (typeof fromServer === 'function') fromServer(data);
  });
  window.addEventListener('to-server', (event) => {
    if (event instanceof CustomEvent) worker.postMessage(event.detail);
  });
}

function readerOf(received: Emitter<Message>): MessageReader {
  return {
    onError: nothing,
    onClose: nothing,
    onPartialMessage: nothing,
    listen: (callback: DataCallback) => received.event(callback),
    dispose: () => received.dispose(),
  };
}

function writerTo(page: Page): MessageWriter {
  return {
    onError: nothing,
    onClose: nothing,
    write: (message) =>
      page.evaluate((detail) => {
        window.dispatchEvent(new CustomEvent('to-server', { detail }));
      }, message),
    end: () => undefined,
    dispose: () => undefined,
  };
}

/** A worker neither closes its end nor sends half a message. */
function nothing(): Disposable {
  return { dispose: () => undefined };
}
