import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { knownIn, type SliceContent } from '#language/slice-content.ts';
import { lintFiles } from '../src/lint/lint-files.ts';
import { readInThreads, SpareThread } from '../src/lint/read-in-threads.ts';
import { sarifReport } from '../src/lint/report-sarif.ts';
import { textReport } from '../src/lint/report-text.ts';

const { signal } = new AbortController();
const startThread = (): Worker => new Worker(new URL('../src/main.ts', import.meta.url));
const options = { reconciler: 'unknown' } as const;

const router = (index: number): string => `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: router-${index}
  namespace: team-${index % 90}
spec:
  addresses:
    - ip: 10.${index >> 8}.${index & 255}.99/24
      gateway: 10.${index >> 8}.${index & 255}.1
  redirect:
    redirectRules:
      - port: 8080
        protocol: TCP
        destinationIP: 203.0.113.25
# ${'It takes a lot of text to be worth a thread. '.repeat(60)}
`;

/** What people have in files, sound and not, ours and not. */
function document(index: number): string {
  switch (index % 40) {
    case 3:
      return router(index).replace('TCP', 'tcp');
    case 7:
      return `${router(index)}# egressRouter.reconciler: agent\n`;
    case 11:
      return `apiVersion: v1\nkind: Service\nmetadata:\n  name: s\n  namespace: team-${index % 90}\nspec:\n  selector:\n    app: egress-router\n  ports:\n    - port: 1\n`;
    case 17:
      return 'kind: ConfigMap\nmetadata:\n  name: other\n';
    case 19:
      return nad(index);
    case 21:
      return `kind: List\nitems:\n${indented(router(index))}${indented(nad(index + 1))}`;
    case 23:
      return router(index).replace('8080', '{{ .Values.port }}');
    case 29:
      return router(index).replace('8080', '[8080');
    case 31:
      return router(3);
    case 37:
      return `${router(index)}  fallbackIP: \${FALLBACK}\n`.replaceAll('\n', '\r\n');
    default:
      return router(index);
  }
}

function nad(index: number): string {
  const ip = `{"addresses":["10.250.${index % 250}.9/24"],"gateway":"10.250.${index % 250}.1","destinations":["80 TCP 203.0.113.25"]}`;
  return `apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\nmetadata:\n  name: nad-${index}\n  namespace: team-${index % 90}\nspec:\n  config: '{"cniVersion":"0.4.0","type":"egress-router","name":"n","ip":${ip}}'\n`;
}

function indented(text: string): string {
  return `  - ${text.trimEnd().replaceAll('\n', '\n    ')}\n`;
}

const texts = Array.from({ length: 600 }, (_, index) => document(index));
const files = [
  { path: 'one.yaml', text: texts.slice(0, 250).join('---\n') },
  { path: 'empty.yaml', text: '' },
  { path: 'two.yaml', text: texts.slice(250).join('---\n') },
];

const threads: Readonly<Record<string, () => Worker>> = {
  'two threads': startThread,
  'a thread that fails at once': () => new Worker('throw new Error("no")', { eval: true }),
  'a thread that ends at its first share': () =>
    new Worker("require('worker_threads').parentPort.once('message', () => process.exit(0))", { eval: true }),
};

function whatIsReadOf(content: SliceContent): unknown {
  const { objects, diagnostics, reconciler } = content;
  return { objects, known: knownIn(content), diagnostics, reconciler };
}

for (const [name, start] of Object.entries(threads)) {
  test(`${name} and one thread tell the same, byte for byte`, async () => {
    const alone = lintFiles(files, options);
    const yaml = await readInThreads(files, options, { startThread: start, signal });
    const together = lintFiles(files, options, [], yaml);
    expect(textReport(together)).toBe(textReport(alone));
    const tool = { version: '0.0.0', ruleText: () => undefined };
    expect(sarifReport(together, tool)).toBe(sarifReport(alone, tool));
    expect(together.counts).toEqual(alone.counts);
    const read = ({ yaml: some }: typeof alone): unknown =>
      some.map(({ slices }) =>
        slices.map(({ text, start: at, content }) => [text, at, content && whatIsReadOf(content)]),
      );
    expect(read(together)).toStrictEqual(read(alone));
    expect(alone.findings.length).toBeGreaterThan(50);
  });
}

test('a document without a finding is not read a second time', async () => {
  const once: SliceContent[] = [];
  const yaml = (await readInThreads(files, options, { signal })).map((file) => ({
    ...file,
    slices: file.slices.map((slice) => {
      if (slice.content === undefined || slice.content.diagnostics.length > 0) return slice;
      const content: SliceContent = Object.create(slice.content, { objects: { get: readAgain } });
      once.push(content);
      return { ...slice, content };
    }),
  }));
  expect(textReport(lintFiles(files, options, [], yaml))).toBe(textReport(lintFiles(files, options)));
  expect(once.length).toBeGreaterThan(300);
});

function readAgain(): never {
  throw new Error('It has been read again.');
}

test('for a small file no thread is started', async () => {
  const small = [{ path: 'a.yaml', text: router(1) }];
  const start = (): Worker => {
    throw new Error('It costs more than it brings.');
  };
  const [read] = await readInThreads(small, options, { startThread: start, signal });
  expect(read?.slices).toHaveLength(1);
});

test('Ctrl-C ends it', async () => {
  const io = { startThread, signal: AbortSignal.abort(new Error('interrupted')) };
  await expect(readInThreads(files, options, io)).rejects.toThrow('interrupted');
});

test('a thread that starts early is the one that reads, and the only one', async () => {
  const started: Worker[] = [];
  const start = (): Worker => {
    const worker = startThread();
    started.push(worker);
    return worker;
  };
  const thread = new SpareThread({ startThread: start });
  thread.expect(20);
  expect(started).toHaveLength(0);
  thread.expect(600);
  thread.expect(600);
  expect(thread.take()).toBe(started[0]);
  expect(started).toHaveLength(1);
  await started[0]?.terminate();
});

test('an early thread that nobody took is ended', async () => {
  const worker = startThread();
  const thread = new SpareThread({ startThread: () => worker });
  thread.expect(600);
  const ended = once(worker, 'exit');
  thread.drop();
  await ended;
});

test('an early thread that has failed is forgotten', async () => {
  const started: Worker[] = [];
  const start = (): Worker => {
    const worker = new Worker('throw new Error("no")', { eval: true });
    started.push(worker);
    return worker;
  };
  const thread = new SpareThread({ startThread: start });
  thread.expect(600);
  await new Promise((resolve) => started[0]?.on('exit', resolve));
  expect(thread.take()).toBe(started[1]);
  await new Promise((resolve) => started[1]?.on('error', () => undefined).on('exit', resolve));
});
