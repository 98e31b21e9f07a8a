import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { printable } from '#cli/printable.ts';
import { run } from '#cli/run.ts';

const good = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: egress-a
spec:
  mode: Redirect
  networkInterface:
    macvlan:
      mode: Bridge
  addresses:
    - ip: 192.168.12.99/24
      gateway: 192.168.12.1
  redirect:
    redirectRules:
      - destinationIP: 203.0.113.25
        port: 8080
        protocol: TCP
        targetPort: 80
`;
const bad = good.replace('192.168.12.1\n', '10.0.0.1\n');
const other = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ert-cli-'));
  mkdirSync(join(folder, 'node_modules'));
  writeFileSync(join(folder, 'a.yaml'), `${other}---\n${good}`);
  writeFileSync(join(folder, 'b.yml'), `${good}---\n${bad}`);
  writeFileSync(join(folder, 'node_modules', 'c.yaml'), bad);
  writeFileSync(join(folder, 'notes.txt'), bad);
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Expected {
  readonly code: number;
  readonly out?: string | RegExp;
  readonly err?: string | RegExp;
}

async function check(args: readonly string[], stdin: string, { code, out = '', err = '' }: Expected) {
  const said = { out: '', err: '' };
  const actual = await run(args, {
    stdout: (text) => void (said.out += printable(text)),
    copy: (text) => void (said.out += text),
    stderr: (text) => void (said.err += text),
    readStdin: () => Promise.resolve(Buffer.from(stdin)),
    signal: new AbortController().signal,
  });
  if (typeof out === 'string') expect(said.out).toBe(out);
  else expect(said.out).toMatch(out);
  if (typeof err === 'string') expect(said.err).toBe(err);
  else expect(said.err).toMatch(err);
  expect(actual).toBe(code);
}

test('no command', () => check([], '', { code: 2, err: /^Usage: egress-router COMMAND/ }));
test('help', () => check(['--help'], '', { code: 0, out: /^Usage: egress-router COMMAND/ }));
test.each([
  'lint',
  'render',
  'migrate',
  'preflight',
  'deploy',
  'expose',
  'status',
  'teardown',
  'restart',
  'install',
  'uninstall',
])('help for %s', async (name) => {
  await check([name, '--help'], '', { code: 0, out: new RegExp(`^Usage: egress-router ${name} `) });
  await check(['help', name], '', { code: 0, out: new RegExp(`^Usage: egress-router ${name} `) });
});
test('an unknown command', () =>
  check(['make-tea'], '', { code: 2, err: /^There is no command "make-tea"/ }));
test.each([
  [['lint', '--tint'], /^Unknown option '--tint'\.\nSee: /],
  [['status', '--timeout', '-5s'], /^Option '--timeout' argument is ambiguous\.\nSee: /],
  [['lint', '-o', 'xml'], /^--output must be text, json, sarif, junit, github, not "xml"/],
  [['lint', '/no/such/file'], /^Cannot read \/no\/such\/file: there is no such file\.\n/],
  [['render'], /^Name a file/],
  [['deploy'], /^Name a file/],
  [['deploy', '-', '--timeout', 'soon'], /^--timeout must be a time/],
  [['restart', 'a', '--timeout', '40000m'], /^--timeout must be at most 20000m, not "40000m"\./],
  [['restart', 'a', '--timeout', '9'.repeat(400)], /^--timeout must be at most 20000m, not "9/],
  [['expose'], /^Name an egress router\./],
  [['expose', 'a', 'b'], /^Name one egress router at a time, not 2/],
  [['teardown', '-'], /^To tear down what a file holds, say -f -\./],
  [['teardown', 'package.json'], /^To tear down what a file holds, say -f package\.json\./],
  [['teardown', 'a', '-f', '-'], /^Name a router, or files with -f, and not both\./],
  [['teardown', '-f', '/no/such/file'], /^Cannot read \/no\/such\/file: there is no such file\.\n/],
  [['teardown', '../no/router'], /^"..\/no\/router" cannot be the name of an egress router/],
  [['status', '-n', 'A'], /^"A" cannot be the name of a namespace/],
  [['status', '-n=A'], /^"A" cannot be the name of a namespace/],
  [['lint', '-o=xml'], /^--output must be text, json, sarif, junit, github, not "xml"/],
  [['teardown', '-f=/no/such/file'], /^Cannot read \/no\/such\/file: there is no such file\.\n/],
  [['deploy', '-f', '/no/such/file'], /^Cannot read \/no\/such\/file: there is no such file\.\n/],
  [['deploy', '-f=/no/such/file', '-'], /^Cannot read \/no\/such\/file: there is no such file\.\n/],
  [['preflight', '-f', 'no-such-file'], /^Cannot read no-such-file: there is no such file\.\n/],
  [['preflight', 'a', '-f', '-'], /^Name a router, or a file with -f, and not both\./],
  [['preflight', '-f', 'a', '-f', 'b'], /^Name one file or router at a time, not 2/],
  [['preflight', 'x', 'y'], /^Name one file or router at a time, not 2/],
  [['preflight', 'X'], /^"X" cannot be the name of an egress router/],
  [['preflight', '--routers-per-nic', '0'], /^--routers-per-nic must be a number from 1 on, not "0"/],
  [['expose', 'a', '--port', '70000'], /^--port must be a port such as 8443 or 8443\/UDP, not "70000"/],
  [['expose', 'a', '--port', '80/ICMP'], /^--port must be a port/],
  [['status', '--wait'], /^Name the router that --wait waits for/],
])('%j is called in a wrong way', (args, err) => check(args, good, { code: 2, err }));

test.each([
  ['kind: Pod\n', /^There is no EgressRouter in -\./],
  [good.replace('name: egress-a', 'name: a\n  name: b'), /^\(stdin\): its YAML is broken, so nothing tells/],
  [good.replace('egress-a', '{{ .Values.name }}'), /^\(stdin\): something fills in this router later\./],
  [good.replace('egress-a', '${NAME}'), /^\(stdin\): something fills in this router later\./],
  [good.replace('name: egress-a', 'generateName: a-'), /^\(stdin\): the router has no metadata\.name\./],
])('teardown of what does not tell which router is meant: %j', (text, err) =>
  check(['teardown', '-f', '-'], text, { code: 2, err }),
);

test('teardown of a manifest with another namespace than -n says', () =>
  check(['teardown', '-f', '-', '-n', 'other'], good.replace('egress-a', 'egress-a\n  namespace: demo'), {
    code: 2,
    err: /^EgressRouter egress-a is of namespace demo, and -n says other\. Leave out -n/,
  }));

test.each(['deploy', 'preflight'])('%s of a manifest with another namespace than -n says', (verb) =>
  check([verb, '-', '-n', 'other'], good.replace('egress-a', 'egress-a\n  namespace: demo'), {
    code: 2,
    err: /^\(stdin\): the router is of namespace demo, and -n says other\. Leave out -n, or the namespace/,
  }),
);

test.each(['deploy', 'preflight'])('%s of a List with a router of another namespace than -n says', (verb) => {
  const item = good.replace('egress-a', 'egress-a\n  namespace: demo').replaceAll('\n', '\n    ').trimEnd();
  const list = `apiVersion: v1\nkind: List\nitems:\n  - ${item}\n`;
  return check([verb, '-', '-n', 'other'], list, {
    code: 2,
    err: /^\(stdin\), item 1: the router is of namespace demo, and -n says other\. Leave out -n/,
  });
});

test.each(['deploy', 'preflight'])(
  '%s tells of a port of a Service beside the router that no rule serves',
  (verb) => {
    const service = `apiVersion: v1
kind: Service
metadata:
  name: egress-a
spec:
  selector:
    app: egress-router-cni
  ports:
    - name: web
      port: 9090
`;
    return check([verb, '-', '--kubeconfig', '/no/such/file'], `${good}---\n${service}`, {
      code: 1,
      err: /^\(stdin\):29:13: warning service-port-without-rule: The router egress-a has no rule for 9090\/TCP: .*\n.*\nThere is no kubeconfig/,
    });
  },
);

test.each(['render', 'deploy', 'migrate'])('%s of a file whose name would be a line', (verb) =>
  check([verb, 'nope\nprod: gone'], '', {
    code: 2,
    err: `Cannot read nope\\nprod: gone: there is no such file.\nSee: egress-router ${verb} --help\n`,
  }),
);

test('no kubeconfig', () =>
  check(['status', '--kubeconfig', '/no/such/file'], '', {
    code: 1,
    err: 'There is no kubeconfig at /no/such/file. Log in to a cluster, or set KUBECONFIG.\n',
  }));

test('what a cluster answers makes no line of its own', async () => {
  const server = createServer((_, response) => {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ kind: 'Status', code: 400, message: 'bad\nContext prod: done.\n' }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const file = join(folder, 'config.json');
  const config = {
    'current-context': 'a\nb',
    contexts: [{ name: 'a\nb', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'u', user: {} }],
  };
  writeFileSync(file, JSON.stringify(config));
  await check(['status', '--kubeconfig', file], '', {
    code: 1,
    err: /^Context a\\nb: [^\n]+\n[^\n]*bad Context prod: done\.[^\n]*\n$/,
  });
  server.close();
  rmSync(file);
});

test('lint of a good router', () =>
  check(['lint', '-'], good, { code: 0, err: '1 egress router: 0 errors, 0 warnings.\n' }));
test('lint of a bad one', () =>
  check(['lint', '-'], bad, {
    code: 1,
    out: /^\(stdin\):12:16: error gateway-outside-subnet: .*\n$/,
    err: '1 egress router: 1 error, 0 warnings.\n',
  }));
test('lint of other documents', () =>
  check(['lint', '-'], other, { code: 0, err: '0 egress routers: 0 errors, 0 warnings.\n' }));
test('lint fails on what it is told to fail on', async () => {
  const redundant = good.replace('targetPort: 80', 'targetPort: 8080');
  const err = '1 egress router: 0 errors, 0 warnings, 1 remark; --fix mends 1.\n';
  const out = /^\(stdin\):18:\d+: information target-port-repeats-port: .*\n$/;
  await check(['lint', '-'], redundant, { code: 0, out, err });
  await check(['lint', '-', '--fail-on', 'information'], redundant, { code: 1, out, err });
  await check(['lint', '-', '--fail-on', 'never'], bad, { code: 0, out: /gateway/, err: /1 error/ });
});
test('lint knows what the Cluster Network Operator ignores', async () => {
  const fallback = `${good}    fallbackIP: 203.0.113.26\n`;
  await check(['lint', '-', '--reconciler', 'cno'], fallback, {
    code: 0,
    out: /warning cno-ignores-fallback/,
    err: /^1 egress router: 0 errors, 1 warning\.$/m,
  });
  await check(['lint', '-'], fallback, {
    code: 0,
    out: /information cno-ignores-fallback/,
    err: /^1 egress router: 0 errors, 0 warnings, 1 remark\.$/m,
  });
  await check(['lint', '-', '--reconciler', 'agent'], fallback, { code: 0, err: /0 errors, 0 warnings\.$/m });
});
test('lint reads what Windows PowerShell writes', async () => {
  const file = join(folder, 'WINDOWS.YAML');
  writeFileSync(file, `\uFEFF${bad.replaceAll('\n', '\r\n')}`, 'utf16le');
  await check(['lint', file], '', { code: 1, out: /:12:16: error gateway-outside-subnet: /, err: /1 error/ });
  rmSync(file);
});
test('lint sees two files together', async () => {
  const pair = join(folder, 'pair');
  mkdirSync(pair);
  for (const name of ['a', 'b']) {
    const namespaced = good.replace('name: egress-a', `name: egress-a\n  namespace: team-${name}`);
    writeFileSync(join(pair, `${name}.yaml`), namespaced);
  }
  await check(['lint', pair, '--fail-on', 'warning'], '', {
    code: 1,
    out: /b\.yaml:12:11: warning address-in-use: [^\n]*\n {4}[^\n]*a\.yaml:12:11: [^\n]*\n$/,
    err: '2 egress routers: 0 errors, 2 warnings.\n',
  });
  rmSync(pair, { recursive: true });
});
test('lint --fix mends the files and tells what is left', async () => {
  const file = join(folder, 'mend.yaml');
  const lower = good.replace('protocol: TCP', 'protocol: tcp # as in the old pod');
  const wrong = bad
    .replace('egress-a', 'egress-b')
    .replace('.99/', '.98/')
    .replace('spec:', '  namespace: b\nspec:');
  writeFileSync(file, `${lower}---\n${wrong}`);
  // More than a usual umask leaves.
  chmodSync(file, 0o662);
  await check(['lint', '--fix', file], '', {
    code: 1,
    out: /^[^\n]+mend\.yaml:\d+:16: error gateway-outside-subnet: [^\n]+\n/,
    err: /^\S+mend\.yaml: mended protocol-lower-case: .*\n2 egress routers: /,
  });
  expect(readFileSync(file, 'utf8')).toBe(`${lower.replace('tcp #', 'TCP #')}---\n${wrong}`);
  expect(statSync(file).mode & 0o777).toBe(0o662);
  rmSync(file);
});
test('lint --fix of standard input passes the mended text on', () =>
  check(['lint', '--fix', '-'], good.replace('TCP', 'tcp'), {
    code: 0,
    out: good,
    err: /^\(stdin\): mended protocol-lower-case: .*\n1 egress router: 0 errors, 0 warnings\.\n$/,
  }));
test('lint --fix passes on every character of standard input', () =>
  check(['lint', '--fix', '-'], good.replace('TCP', 'tcp # \u0085\u00ad').replaceAll('\n', '\r\n'), {
    code: 0,
    out: good.replace('TCP', 'TCP # \u0085\u00ad').replaceAll('\n', '\r\n'),
    err: /mended protocol-lower-case/,
  }));
test('lint --fix leaves a file alone that is saved while it runs', async () => {
  const two = join(folder, 'two');
  mkdirSync(two);
  const [first, second] = [join(two, 'a.yaml'), join(two, 'b.yaml')];
  const wrong = good.replace('TCP', 'tcp');
  const saved = `# mine\n${wrong}`;
  writeFileSync(first, wrong);
  writeFileSync(second, wrong.replace('egress-a', 'egress-b').replace('.99/', '.98/'));
  const said: string[] = [];
  const code = await run(['lint', '--fix', two], {
    stdout: () => undefined,
    copy: () => undefined,
    stderr: (text) => {
      said.push(text);
      if (text.includes('a.yaml: mended')) writeFileSync(second, saved);
    },
    readStdin: () => Promise.resolve(Buffer.from('')),
    signal: new AbortController().signal,
  });
  expect(said.join('')).toMatch(/b\.yaml: not mended: it was saved meanwhile\. Run it again\.\n/);
  expect(code).toBe(1);
  expect(readFileSync(first, 'utf8')).toBe(good);
  expect(readFileSync(second, 'utf8')).toBe(saved);
  rmSync(two, { recursive: true });
});
test('standard input is read once, however often it is named', async () => {
  const inputs = [bad, ''];
  const code = await run(['lint', '-', '-'], {
    stdout: () => undefined,
    copy: () => undefined,
    stderr: () => undefined,
    readStdin: () => Promise.resolve(Buffer.from(inputs.shift() ?? '')),
    signal: new AbortController().signal,
  });
  expect(code).toBe(1);
  expect(inputs).toEqual(['']);
});
test('lint --fix leaves a file to its owner', async () => {
  const file = join(folder, 'owned.yaml');
  writeFileSync(file, good.replace('TCP', 'tcp'));
  // Only root may give it away.
  const owner = process.getuid?.() === 0 ? 1234 : statSync(file).uid;
  chownSync(file, owner, owner === 1234 ? 1234 : statSync(file).gid);
  chmodSync(file, 0o600);
  await check(['lint', '--fix', file], '', { code: 0, err: /mended protocol-lower-case/ });
  expect(statSync(file)).toMatchObject({ uid: owner, mode: 0o100600 });
  expect(readFileSync(file, 'utf8')).toBe(good);
  rmSync(file);
});
test('lint --fix mends a file under all of its names', async () => {
  const [file, name] = [join(folder, 'one-name.yaml'), join(folder, 'other-name.txt')];
  writeFileSync(file, good.replace('TCP', 'tcp').replace('targetPort: 80', 'targetPort: 8080'));
  linkSync(file, name);
  await check(['lint', '--fix', file], '', { code: 0, err: /mended protocol-lower-case/ });
  // Shorter than it was.
  expect(readFileSync(name, 'utf8')).toBe(good.replace('        targetPort: 80\n', ''));
  expect(statSync(file).nlink).toBe(2);
  rmSync(file);
  rmSync(name);
});
test('lint --fix of a link mends the file that it leads to', async () => {
  const [file, link] = [join(folder, 'linked.yaml'), join(folder, 'link.yaml')];
  writeFileSync(file, good.replace('TCP', 'tcp'));
  symlinkSync('linked.yaml', link);
  await check(['lint', '--fix', link], '', { code: 0, err: /link\.yaml: mended protocol-lower-case/ });
  expect(readFileSync(file, 'utf8')).toBe(good);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  rmSync(link);
  rmSync(file);
});
test('lint --fix of a pipe is refused, as nobody would get the mended text', async () => {
  const [file, pipe] = [join(folder, 'piped.yaml'), join(folder, 'pipe')];
  writeFileSync(file, good.replace('TCP', 'tcp'));
  execFileSync('mkfifo', [pipe]);
  const written = once(spawn('sh', ['-c', 'cat "$1" > "$2"', 'sh', file, pipe]), 'close');
  await check(['lint', '--fix', pipe], '', {
    code: 2,
    err: /^Cannot write \S+pipe: it is not a file, so that a new text cannot take its place\. With "-" the mended text goes to standard output\.\n/,
  });
  await written;
  rmSync(file);
  rmSync(pipe);
});
test('lint counts lines as editors do', () =>
  check(['lint', '-'], good.replace('TCP', 'tcp').replaceAll('\n', '\r'), {
    code: 1,
    out: /^\(stdin\):[1-9][0-9]+:[0-9]+: error protocol-lower-case: /,
    err: /1 error/,
  }));
test('lint --fix leaves a file alone that is not written in UTF-8', async () => {
  const file = join(folder, 'latin.yaml');
  const bytes = Buffer.from(`# caf\u00e9\n${good.replace('TCP', 'tcp')}`, 'latin1');
  writeFileSync(file, bytes);
  await check(['lint', '--fix', file], '', {
    code: 1,
    out: /protocol-lower-case/,
    err: /latin\.yaml: not mended: it holds characters that are not written in UTF-8\.\n/,
  });
  expect(readFileSync(file).equals(bytes)).toBe(true);
  rmSync(file);
});
test('lint tells of a file that kubectl reads otherwise or not at all', async () => {
  const file = join(folder, 'encoded.yaml');
  const one = (line: number, text: string): Parameters<typeof check>[2] => ({
    code: 1,
    out: new RegExp(`^[^\\n]*encoded\\.yaml:${line}:[0-9]+: error yaml-syntax: [^\\n]*${text}[^\\n]*\\n$`),
    err: '1 egress router: 1 error, 0 warnings.\n',
  });
  const named = good.replace('spec:', 'spec: # caf\u00e9');
  const line = named.slice(0, named.indexOf('caf')).split('\n').length;
  writeFileSync(file, named);
  await check(['lint', file], '', { code: 0, err: '1 egress router: 0 errors, 0 warnings.\n' });
  writeFileSync(file, Buffer.from(named, 'latin1'));
  await check(['lint', file], '', one(line, 'not written in UTF-8'));
  writeFileSync(file, Buffer.from(named, 'utf16le'));
  await check(['lint', file], '', one(1, 'UTF-16 without a byte order mark'));
  writeFileSync(file, Buffer.from(named, 'utf16le').swap16());
  await check(['lint', file], '', one(1, 'UTF-16 without a byte order mark'));
  writeFileSync(file, Buffer.from('kind: Deployment # caf\u00e9\n', 'latin1'));
  await check(['lint', file], '', { code: 0, err: '0 egress routers: 0 errors, 0 warnings.\n' });
  rmSync(file);
});
test('lint asks nothing of a patch that the kustomization beside it names', async () => {
  const base = join(folder, 'base');
  mkdirSync(base);
  const patch = join(base, 'patch.yaml');
  writeFileSync(patch, good.slice(0, good.indexOf('spec:')).concat('spec: {mode: Redirect}\n'));
  await check(['lint', patch], '', { code: 1, out: /missing-field/, err: /error/ });
  writeFileSync(join(base, 'kustomization.yaml'), 'patches:\n  - path: patch.yaml\n');
  const err = '1 egress router: 0 errors, 0 warnings.\n';
  await check(['lint', patch], '', { code: 0, err });
  await check(['lint', base], '', { code: 0, err });
  rmSync(base, { recursive: true });
});
test('lint takes addresses that patches give for those of their routers', async () => {
  const base = join(folder, 'base');
  mkdirSync(join(base, 'over'), { recursive: true });
  const write = (path: string, text: string) => writeFileSync(join(base, path), text);
  const rival = good.replace('egress-a', 'egress-b\n  namespace: shop');
  const value = '192.168.12.70/24';
  const patch = `patches: [{path: patch.json, target: {kind: EgressRouter, name: egress-a}}]\n`;
  write('router.yaml', good);
  write('rival.yaml', rival.replace('192.168.12.99/24', value));
  write('kustomization.yaml', 'resources: [router.yaml]\n');
  write('over/kustomization.yaml', `resources: [..]\n${patch}`);
  write('over/patch.json', JSON.stringify([{ op: 'replace', path: '/spec/addresses/0/ip', value }]));
  const out =
    /^[^\n]*over\/patch\.json:1:[0-9]+: information address-in-use: 192\.168\.12\.70 [^\n]*shop\/egress-b[^\n]*\n(?: [^\n]*\n)*[^\n]*rival\.yaml:[^\n]* address-in-use/;
  await check(['lint', base], '', {
    code: 0,
    out,
    err: '2 egress routers: 0 errors, 0 warnings, 2 remarks.\n',
  });
  // Named one by one, with a kustomization that names the patch beside them.
  write('rival.yaml', rival);
  const named = [join(base, 'router.yaml'), join(base, 'rival.yaml')];
  const err = '2 egress routers: 0 errors, 0 warnings, 2 remarks.\n';
  const taken = { code: 0, out: /address-in-use/, err };
  await check(['lint', ...named], '', taken);
  write('kustomization.yaml', `resources: [router.yaml]\n${patch.replace('patch.json', 'over/patch.json')}`);
  await check(['lint', ...named], '', { code: 0, err: '2 egress routers: 0 errors, 0 warnings.\n' });
  rmSync(base, { recursive: true });
});
test('lint reads a file once, by whatever names it is given', async () => {
  const [file, link] = [join(folder, 'once.yaml'), join(folder, 'again.yaml')];
  writeFileSync(file, good);
  symlinkSync(file, link);
  await check(['lint', file, `${folder}/./once.yaml`, link], '', {
    code: 0,
    err: '1 egress router: 0 errors, 0 warnings.\n',
  });
  rmSync(link);
  rmSync(file);
});
test('lint of a folder reads what its links lead to, once, and goes round in no circle', async () => {
  const [inner, outer] = [join(folder, 'links'), join(folder, 'elsewhere.yaml')];
  mkdirSync(inner);
  writeFileSync(outer, good);
  writeFileSync(join(inner, 'own.yaml'), good.replaceAll('egress-a', 'egress-b').replace('.99/', '.98/'));
  symlinkSync('own.yaml', join(inner, 'a-link-to-own.yaml'));
  symlinkSync(outer, join(inner, 'link.yaml'));
  symlinkSync(outer, join(inner, 'the-same-again.yaml'));
  symlinkSync('somebody@host.1234', join(inner, '.#own.yaml'));
  symlinkSync('.', join(inner, 'round'));
  symlinkSync('.', join(inner, 'round.yaml'));
  await check(['lint', inner], '', { code: 0, err: '2 egress routers: 0 errors, 0 warnings.\n' });
  rmSync(inner, { recursive: true });
  rmSync(outer);
});
test.each([
  ['lint', 1, /^1 egress router: 0 errors/m],
  ['migrate', 1, /^There is no egress router of OpenShift SDN to migrate\./m],
  ['render', 1, ''],
  ['deploy', 1, /^Nothing was deployed: correct the errors first\./m],
] as const)('%s of a folder names what it cannot read, and goes on', async (verb, code, rest) => {
  const inner = join(folder, 'unread');
  mkdirSync(inner);
  writeFileSync(join(inner, 'good.yaml'), good);
  symlinkSync('self.yaml', join(inner, 'self.yaml'));
  symlinkSync('nowhere.yaml', join(inner, 'dead.yaml'));
  const said = { out: '', err: '' };
  const actual = await run([verb, inner], {
    stdout: (text) => void (said.out += text),
    copy: (text) => void (said.out += text),
    stderr: (text) => void (said.err += text),
    readStdin: () => Promise.resolve(Buffer.from('')),
    signal: new AbortController().signal,
  });
  rmSync(inner, { recursive: true });
  expect(said.err).toContain(`Cannot read ${inner}/self.yaml: it is a link that leads back to itself.\n`);
  expect(said.err).toContain(`Cannot read ${inner}/dead.yaml: it is a link that leads nowhere.\n`);
  expect(said.err).toMatch(rest);
  expect(actual).toBe(code);
});
test.each([
  ['text', /unread\/d\\xe4\/\\xff é\.yaml:\d+:\d+: error /, /^1 egress router: 1 error/m],
  ['json', /unread\/d\\\\xe4\/\\\\xff é\.yaml"/, ''],
  ['sarif', /"uri": "file:\/\/\/[^"]*unread\/d%E4\/%FF%20%C3%A9\.yaml"/, ''],
  ['junit', /file="[^"]*unread\/d\\xe4\/\\xff é\.yaml"/, ''],
  ['github', /file=[^,]*unread\/d\\xe4\/\\xff é\.yaml,/, ''],
])('lint -o %s of a file whose name is not written in UTF-8', async (format, out, err) => {
  const inner = join(folder, 'unread');
  const below = Buffer.concat([Buffer.from(`${inner}/d`), Buffer.from([0xe4])]);
  const file = Buffer.concat([below, Buffer.from('/'), Buffer.from([0xff]), Buffer.from(' é.yaml')]);
  mkdirSync(below, { recursive: true });
  writeFileSync(file, bad);
  const said = { out: '', err: '' };
  const code = await run(['lint', inner, '-o', format], {
    stdout: (text) => void (said.out += text),
    copy: (text) => void (said.out += text),
    stderr: (text) => void (said.err += text),
    readStdin: () => Promise.resolve(Buffer.from('')),
    signal: new AbortController().signal,
  });
  rmSync(inner, { recursive: true });
  expect(said.out).toMatch(out);
  expect(said.out).not.toMatch(/\uFFFD|\\udc/);
  expect(said.err).toMatch(err);
  expect(code).toBe(1);
});
test('lint -o json of a name with control characters is JSON', async () => {
  const file = join(folder, 'a\u007f\u0085.yaml');
  writeFileSync(file, bad);
  expect(await jsonOf(['lint', file, '-o', 'json'], 1)).toMatchObject({ findings: [{ path: file }] });
  rmSync(file);
});
test('lint tells each finding in one line', () =>
  check(['lint', '-'], good.replace('- ip', '- "a\\n::error::b": 1\n      ip'), {
    code: 1,
    out: /^\(stdin\):[^\n]*a\\n::error::b[^\n]*\n$/,
    err: /1 error/,
  }));
test('lint of a folder', async () => {
  const files = await jsonOf(['lint', folder, '-o', 'json'], 1);
  expect(files).toMatchObject({
    files: 2,
    routers: 3,
    errors: 1,
    findings: [
      { path: join(folder, 'b.yml'), code: 'same-name', start: { line: 23, column: 9 } },
      {
        path: join(folder, 'b.yml'),
        code: 'gateway-outside-subnet',
        severity: 'error',
        start: { line: 31, column: 16 },
        end: { line: 31, column: 24 },
      },
    ],
  });
});

test('render', async () => {
  const list = await jsonOf(['render', '-', '-n', 'demo', '-o', 'json'], 0);
  const items = (list as { items: { kind: string; metadata: { name: string; namespace: string } }[] }).items;
  expect(items.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([
    'NetworkAttachmentDefinition demo/egress-router-cni-nad',
    'ConfigMap demo/egress-router-cni-config',
    'Deployment demo/egress-router-cni-deployment',
    'Service demo/egress-a',
  ]);
});
test('render as YAML', () =>
  check(['render', '-'], good, {
    code: 0,
    out: /^apiVersion: k8s.cni.cncf.io\/v1\nkind: NetworkAttachmentDefinition\n[^]*\n---\napiVersion: v1\nkind: Service\n/,
  }));
test('render of a bad router', () => check(['render', '-'], bad, { code: 1, err: /gateway-outside-subnet/ }));
test('render of nothing', () =>
  check(['render', '-'], other, { code: 1, err: 'There is no EgressRouter to render.\n' }));
test('deploy of a bad router asks no cluster', () =>
  check(['deploy', '-', '--kubeconfig', '/no/such/file'], bad, {
    code: 1,
    err: /gateway-outside-subnet[^]*Nothing was deployed: correct the errors first\.\n$/,
  }));

async function jsonOf(args: readonly string[], code: number): Promise<unknown> {
  let text = '';
  const actual = await run(args, {
    stdout: (chunk) => void (text += printable(chunk)),
    copy: (chunk) => void (text += chunk),
    stderr: () => undefined,
    readStdin: () => Promise.resolve(Buffer.from(good)),
    signal: new AbortController().signal,
  });
  expect(actual).toBe(code);
  return JSON.parse(text);
}
