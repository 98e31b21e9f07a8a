import { describe, expect, test } from 'vitest';
import {
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  stringify,
} from 'yaml';
import type { Path } from '#core/problem.ts';
import { createBaseService } from '#language/base-service.ts';
import { readYamlFile } from '#language/document.ts';
import { completionsAt } from '#language/features/completion/completion.ts';
import type { Completion } from '#language/features/completion/completion-item.ts';
import { hoverAt } from '#language/features/hover/hover.ts';
import { toFacts } from '#language/objects.ts';
import { Workspace } from '#language/workspace.ts';

/** Everything that can be written in each kind that we know, in each style. */
const router = {
  apiVersion: 'network.operator.openshift.io/v1',
  kind: 'EgressRouter',
  metadata: { name: 'partner-api', namespace: 'web', labels: { a: 'b' }, annotations: { c: 'd' } },
  spec: {
    addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
    mode: 'Redirect',
    redirect: {
      redirectRules: [{ port: 8080, protocol: 'TCP', destinationIP: '203.0.113.25', targetPort: 80 }],
      fallbackIP: '203.0.113.26',
    },
    networkInterface: { macvlan: { mode: 'Bridge', master: 'eth1' } },
  },
};
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'partner-api', namespace: 'web', labels: { a: 'b' }, annotations: { c: 'd' } },
  spec: {
    selector: { app: 'egress-router-cni' },
    type: 'LoadBalancer',
    ports: [{ name: 'tcp-8080', protocol: 'TCP', port: 8080, targetPort: 8080, nodePort: 30080 }],
    sessionAffinity: 'ClientIP',
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
    externalTrafficPolicy: 'Local',
    internalTrafficPolicy: 'Cluster',
    publishNotReadyAddresses: true,
    ipFamilyPolicy: 'SingleStack',
    ipFamilies: ['IPv4'],
  },
};
const netConf = {
  cniVersion: '0.4.0',
  type: 'egress-router',
  name: 'egress-router-cni-nad',
  ip: {
    addresses: ['192.168.12.99/24'],
    gateway: '192.168.12.1',
    destinations: ['8080 TCP 203.0.113.25 80'],
  },
  interfaceType: 'macvlan',
  interfaceArgs: { mode: 'bridge', master: 'eth1', mtu: '1500' },
  log_file: '/tmp/egress-router-log',
  log_level: 'debug',
};
const nad = (config: string) => ({
  apiVersion: 'k8s.cni.cncf.io/v1',
  kind: 'NetworkAttachmentDefinition',
  metadata: { name: 'egress-router-cni-nad', namespace: 'web', labels: { a: 'b' }, annotations: { c: 'd' } },
  spec: { config },
});

const block = (value: unknown): string => stringify(value, { lineWidth: 0 });
const flow = (value: unknown): string => stringify(value, { lineWidth: 0, collectionStyle: 'flow' });
const json = (value: unknown): string => JSON.stringify(value, null, 2);
const inList = (value: unknown): string => block({ apiVersion: 'v1', kind: 'List', items: [value] });
const inner = JSON.stringify(netConf, null, 2);

const documents: Readonly<Record<string, string>> = {
  'a router': block(router),
  'a router in flow style': flow(router),
  'a router in JSON': json(router),
  'a router in a List': inList(router),
  'a Service': block(service),
  'a Service in JSON': json(service),
  'a NAD': block(nad(`${inner}\n`)),
  'a NAD in JSON': json(nad(JSON.stringify(netConf))),
};

const base = createBaseService();

/** A key or a value of a text. */
interface Word {
  readonly path: Path;
  readonly kind: 'key' | 'value';
  readonly start: number;
  readonly end: number;
  /** Of a key: where its value ends. */
  readonly pairEnd: number;
}

const ownWords: ReadonlySet<unknown> = new Set(['labels', 'annotations', 'selector']);
/** Without these it is not known what the document is, nor what it may become. */
const isIdentity = ({ path }: Word): boolean => path.at(-1) === 'apiVersion' || path.at(-1) === 'kind';
const around = {
  facts: readYamlFile(block(router)).slices.flatMap(({ content }) => (content?.objects ?? []).map(toFacts)),
};
/** What people make up themselves has no meaning to tell. */
const isOwn = ({ path }: Word): boolean =>
  path.some((step, index) => ownWords.has(step) && index < path.length - 1);
const isAround = ({ path }: Word): boolean => (path[0] === 'items' ? path.length < 3 : false);

/** The same in the JSON of a NAD, by how the string writes it. */
const embeddings: Readonly<
  Record<string, readonly [text: string, written: (json: string) => string, json: string]>
> = {
  'the JSON in a block of lines': [
    block(nad(`${inner}\n`)),
    (part) => part.replaceAll('\n', '\n    '),
    inner,
  ],
  'the JSON in JSON': [
    json(nad(JSON.stringify(netConf))),
    (part) => JSON.stringify(part).slice(1, -1),
    JSON.stringify(netConf),
  ],
};

describe.each(Object.entries(embeddings))('%s', (_name, [text, written, config]) => {
  const from = text.indexOf(written(config));
  const outward = (offset: number): number => from + written(config.slice(0, offset)).length;
  const words = wordsIn(config).map((word): Word => {
    const { path, kind, start, end, pairEnd } = word;
    return { path, kind, start: outward(start), end: outward(end), pairEnd: outward(pairEnd) };
  });

  test('every key and value has something to tell', () => checkHovers(text, words));

  test('every key is offered where it is half typed, and can be taken', () => {
    // Without its type it is another plugin's.
    const keys = words.filter(({ kind, path }) => kind === 'key' && path.join('.') !== 'type');
    const quote = written('"');
    expect(keys.flatMap((word) => checkKey(text, word, quote))).toEqual([]);
  });

  test('what is offered as a value can be taken', () => {
    const values = words.filter(({ kind, path }) => kind === 'value' && path.join('.') !== 'type');
    expect(values.flatMap((word) => checkValue(text, word))).toEqual([]);
  });
});

describe.each(Object.entries(documents))('%s', (name, text) => {
  const words = wordsIn(text).filter(
    (word) => !isOwn(word) && !(name.endsWith('List') && (isAround(word) || word.path.length === 1)),
  );

  test('every key and value has something to tell', () => checkHovers(text, words));

  test('every key is offered where it is half typed, and can be taken', () => {
    const wrong = words.flatMap((word) =>
      word.kind === 'key' && !isIdentity(word) ? checkKey(text, word) : [],
    );
    expect(wrong).toEqual([]);
  });

  test('what is offered as a value can be taken', () => {
    const wrong = words.flatMap((word) => (word.kind === 'value' ? checkValue(text, word) : []));
    expect(wrong).toEqual([]);
  });
});

async function checkHovers(text: string, words: readonly Word[]): Promise<void> {
  const mute: string[] = [];
  for (const { path, kind, start } of words) {
    const hover = await hoverAt(readYamlFile(text), start, base);
    if ((hover?.markdown ?? '').trim() === '') mute.push(`${kind} ${path.join('.')}`);
  }
  expect(mute).toEqual([]);
}

/** @param quote what stands around it */
function checkKey(
  text: string,
  { path, start, end, pairEnd }: Word,
  quote = /["']/.exec(text.slice(end, end + 1))?.[0] ?? '',
): readonly string[] {
  const key = String(path.at(-1));
  const typed = text.slice(0, start + 2) + quote + text.slice(pairEnd);
  const found = completionsAt(readYamlFile(typed), start + 2, around);
  const item = found.find(({ label }) => label === key);
  if (item === undefined)
    return [`${path.join('.')}: not offered, but ${found.map(({ label }) => label).join(', ')}`];
  return [...commonFaults(path, found), ...newFaults(path, text, taken(typed, item))];
}

function checkValue(text: string, { path, start, end }: Word): readonly string[] {
  const typed = text.slice(0, start) + text.slice(end);
  const found = completionsAt(readYamlFile(typed), start, around);
  return [
    ...commonFaults(path, found),
    ...found.flatMap((item) =>
      newFaults(path, text, taken(typed, item)).map((fault) => `${item.label}: ${fault}`),
    ),
  ];
}

function commonFaults(path: Path, found: readonly Completion[]): readonly string[] {
  const labels = found.map(({ label }) => label);
  const repeated = labels.filter((label, index) => labels.indexOf(label) !== index);
  const mute = found.filter(({ documentation }) => documentation.trim() === '').map(({ label }) => label);
  return [
    ...repeated.map((label) => `${path.join('.')}: ${label} is offered twice`),
    ...mute.map((label) => `${path.join('.')}: ${label} says nothing`),
  ];
}

/** What is wrong with the schema now, and was not before; that a key has no value yet is known. */
function newFaults(path: Path, before: string, after: string): readonly string[] {
  const known = new Set(schemaFaults(before));
  return schemaFaults(after)
    .filter((fault) => !known.has(fault) && !/ (?:empty|lacks|needs) ?/.test(fault))
    .map((fault) => `${path.join('.')}: ${fault} in ${JSON.stringify(after)}`);
}

const ofSchema = new Set([
  'yaml-syntax',
  'duplicate-key',
  'unknown-field',
  'wrong-type',
  'not-in-enum',
  'out-of-range',
  'wrong-format',
  'netconf-unknown-key',
  'netconf-value-invalid',
  'nad-config-not-json',
]);

function schemaFaults(text: string): readonly string[] {
  const workspace = new Workspace();
  workspace.setFile('file:///a.yaml', readYamlFile(text));
  workspace.setFile('file:///router.yaml', readYamlFile(block(router)));
  return workspace
    .diagnosticsOf('file:///a.yaml')
    .filter(({ diagnostic: { code, severity } }) => severity === 'error' && ofSchema.has(code))
    .map(({ diagnostic: { code, message } }) => `${code} ${message}`);
}

/** As an editor takes it: lines below the first are indented as the line is, and placeholders left as they are. */
function taken(text: string, { span, snippet }: Completion): string {
  const line = text.slice(text.lastIndexOf('\n', span.start - 1) + 1);
  const indent = /^ */.exec(line)?.[0] ?? '';
  const written = snippet
    .replaceAll('\n', `\n${indent}`)
    .replaceAll(/\$\{\d+\|([^,|]*)[^}]*\|\}/g, '$1')
    .replaceAll(/\$\{\d+:((?:[^}\\]|\\.)*)\}/g, '$1')
    .replaceAll(/\$\d+/g, '')
    .replaceAll(/\\(.)/g, '$1');
  return text.slice(0, span.start) + written + text.slice(span.end);
}

function wordsIn(text: string): readonly Word[] {
  const words: Word[] = [];
  const visit = (node: unknown, path: Path): void => {
    if (isScalar(node) && node.range) words.push(wordAt(text, node, path, 'value'));
    if (isSeq(node)) for (const [index, item] of node.items.entries()) visit(item, [...path, index]);
    if (isMap(node)) {
      for (const { key, value } of node.items as Pair[]) {
        if (!isScalar(key)) continue;
        const at = [...path, String(key.value)];
        const pairEnd = isNode(value) && value.range ? text.slice(0, value.range[1]).trimEnd().length : 0;
        words.push({ ...wordAt(text, key, at, 'key'), pairEnd });
        visit(value, at);
      }
    }
  };
  visit(parseDocument(text).contents, []);
  return words;
}

/** In quotes, what is between them. */
function wordAt(text: string, node: Node, path: Path, kind: Word['kind']): Word {
  const [start, end] = node.range ?? [0, 0, 0];
  const isQuoted = isScalar(node) && !isCollection(node) && /^["']/.test(text.slice(start, start + 1));
  return isQuoted
    ? { path, kind, start: start + 1, end: end - 1, pairEnd: end }
    : { path, kind, start, end, pairEnd: end };
}
