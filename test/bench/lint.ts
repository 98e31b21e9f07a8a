// npm run bench:lint [-- --runs N --peer PATH]: how long the built command line takes for 10,000 manifests, in
// one file and in 10,000. PATH is a kubeconform executable, which is given the same files and the same schema
// and runs in turn with ours. Prints one JSON line for each figure, in milliseconds; nothing fails here.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { egressRouterSchema } from '#core/egress-router/schema.generated.ts';
import { toDraft07 } from '#language/draft-07.ts';

const root = path.dirname(path.dirname(import.meta.dirname));
const manifests = 10_000;
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '9' }, peer: { type: 'string' } },
});
const runs = Number(values.runs);

const folder = mkdtempSync(path.join(tmpdir(), 'ert-bench-lint-'));
try {
  const files = writeManifests();
  await measure('lint 10,000 manifests in one file', [files.one], 700);
  await measure('lint 10,000 files', [files.many], 900);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(what: string, paths: readonly string[], targetMs: number): Promise<void> {
  const { peer } = values;
  const ours = [process.execPath, path.join(root, 'dist/cli.mjs'), 'lint', '-o', 'json', ...paths];
  const theirs =
    peer === undefined
      ? undefined
      : [
          peer,
          '-strict',
          '-n',
          '2',
          '-summary',
          '-schema-location',
          path.join(folder, 'schema.json'),
          ...paths,
        ];
  const times: { ours: number[]; peer: number[] } = { ours: [], peer: [] };
  const said = await run(ours); // the first run of each warms the page cache
  if (JSON.parse(said.stdout).routers !== manifests)
    throw new Error(`lint read something else: ${said.stdout}`);
  if (theirs !== undefined) await run(theirs);
  for (let index = 0; index < runs; index += 1) {
    times.ours.push((await run(ours)).ms);
    if (theirs !== undefined) times.peer.push((await run(theirs)).ms);
  }
  const figure = { bench: 'lint', what, unit: 'ms', runs, ours: median(times.ours), target: targetMs };
  const compared =
    theirs === undefined
      ? {}
      : { peer: median(times.peer), ratio: Number((median(times.ours) / median(times.peer)).toFixed(3)) };
  process.stdout.write(`${JSON.stringify({ ...figure, ...compared })}\n`);
}

function run([program = '', ...args]: readonly string[]): Promise<{ ms: number; stdout: string }> {
  const before = performance.now();
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (error === null) resolve({ ms: performance.now() - before, stdout });
      else reject(new Error(`${program} failed: ${stderr}${stdout.slice(0, 2000)}`, { cause: error }));
    });
  });
}

function median(times: readonly number[]): number {
  return Math.round((times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN) * 10) / 10;
}

function writeManifests(): { readonly one: string; readonly many: string } {
  const texts = Array.from({ length: manifests }, (_, index) => manifest(index));
  const many = path.join(folder, 'many');
  mkdirSync(many);
  for (const [index, text] of texts.entries()) writeFileSync(path.join(many, `router-${index}.yaml`), text);
  const one = path.join(folder, 'routers.yaml');
  writeFileSync(one, texts.join('---\n'));
  // Without its draft the peer takes it for one of draft 4, which knows no `const`, and passes it over.
  const schema = { $schema: 'http://json-schema.org/draft-07/schema#', ...toDraft07(egressRouterSchema) };
  writeFileSync(path.join(folder, 'schema.json'), JSON.stringify(schema));
  return { one, many };
}

/** About 480 bytes each, as people write them, each in a namespace of its own. */
function manifest(index: number): string {
  const subnet = `10.${index >> 8}.${index & 255}`;
  return `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: router-${index}
  namespace: team-${index}
  labels:
    team: payments
spec:
  addresses:
    - ip: ${subnet}.99/24
      gateway: ${subnet}.1
  mode: Redirect
  redirect:
    redirectRules:
      - port: 8080
        protocol: TCP
        destinationIP: 203.0.113.25
        targetPort: 80
      - port: 8443
        protocol: TCP
        destinationIP: 203.0.113.26
        targetPort: 443
  networkInterface:
    macvlan:
      mode: Bridge
`;
}
