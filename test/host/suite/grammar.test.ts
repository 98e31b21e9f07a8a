// Our grammars are injected into VS Code's own YAML grammar, so only that one shows whether they work.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { suite, test } from 'mocha';
import { env, extensions } from 'vscode';
import { loadWASM, OnigScanner, OnigString } from 'vscode-oniguruma';
import { type IGrammar, INITIAL, parseRawGrammar, Registry } from 'vscode-textmate';

interface Contribution {
  readonly scopeName: string;
  readonly path: string;
  readonly injectTo?: readonly string[];
}

suite('grammar', () => {
  const legacy = `env:
  - name: EGRESS_GATEWAY
    value: 192.168.12.1
  - name: EGRESS_DESTINATION
    value: |
      # the partner
      8080 tcp 203.0.113.25 80

      8053 udp 203.0.113.26
      9000 sctp 203.0.113.26
      203.0.113.27
  - name: EGRESS_ROUTER_MODE
    value: init # 80 tcp
`;

  check('rules in EGRESS_DESTINATION', legacy, 'egress-destination', [
    ['EGRESS_DESTINATION', 'variable.other.constant'],
    ['# the partner', 'comment.line.number-sign'],
    ['8080', 'constant.numeric.port'],
    ['tcp', 'keyword.other.protocol'],
    ['203.0.113.25', 'constant.other.ip'],
    ['80', 'constant.numeric.port'],
    ['8053', 'constant.numeric.port'],
    ['udp', 'keyword.other.protocol'],
    ['203.0.113.26', 'constant.other.ip'],
    ['203.0.113.27', 'constant.other.ip'],
  ]);
  check(
    'rules in a ConfigMap',
    'data:\n  destination: |\n    # c\n    8080 tcp 203.0.113.25\n',
    'egress-destination',
    [
      ['8080', 'constant.numeric.port'],
      ['tcp', 'keyword.other.protocol'],
      ['203.0.113.25', 'constant.other.ip'],
    ],
  );
  check(
    'other variables',
    'env:\n  - name: X\n    value: |\n      # c\n      203.0.113.25\n',
    'egress-destination',
    [],
  );

  const json: Marks = [
    ['"type"', 'support.type.property-name'],
    ['"egress-router"', 'string.quoted.double'],
  ];
  check(
    'JSON in a block scalar',
    'spec:\n  config: |\n    {\n      "type": "egress-router"\n    }\n  x: 1\n',
    'json',
    json,
  );
  check(
    'JSON behind another key',
    'spec:\n  x: 1\n  config: |-\n    {"type": "egress-router"}\n',
    'json',
    json,
  );
  check('JSON in quotes', `spec:\n  config: '{\n    "type": "egress-router"\n    }'\n  x: 1\n`, 'json', json);
  check('text that is no JSON', 'data:\n  config: |\n    [x]\n    a = { "b": 1 }\n', 'json', []);

  test('what follows is YAML again', async () => {
    for (const before of [
      legacy,
      "spec:\n  config: '{\n    }'\n",
      'spec:\n  config: |\n    {\n',
      'spec:\n  config: |\n    {"a\n',
    ]) {
      const tokens = await tokenize(`${before}after: 1\n`);
      const [, scopes] = tokens.find(([text]) => text === 'after') ?? assert.fail(`No key after ${before}`);
      assert.ok(scopes.includes('entity.name.tag.yaml'), scopes.join(' '));
    }
  });
});

type Marks = readonly (readonly [text: string, scope: string])[];

/** `marks`: the parts of the text that one of our scopes colors, in order. Pieces of one color are one part. */
function check(title: string, text: string, language: string, marks: Marks): void {
  test(title, async () => {
    const found: [string, string][] = [];
    let last: string | undefined;
    for (const [piece, scopes] of await tokenize(text)) {
      const scope = scopes.find((one) => colors.some((color) => one === `${color}.${language}`));
      if (scope === undefined) {
        last = undefined;
        continue;
      }
      const color = scope.slice(0, -language.length - 1);
      const previous = found.at(-1);
      if (color === last && previous !== undefined) previous[0] += piece;
      else found.push([piece, color]);
      last = color;
    }
    assert.deepEqual(found, marks);
  });
}

const colors = [
  'variable.other.constant',
  'comment.line.number-sign',
  'constant.numeric.port',
  'keyword.other.protocol',
  'constant.other.ip',
  'support.type.property-name',
  'string.quoted.double',
];

async function tokenize(text: string): Promise<[string, readonly string[]][]> {
  const grammar = await loadYamlGrammar();
  let state = INITIAL;
  return text.split('\n').flatMap((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens.map(({ startIndex, endIndex, scopes }): [string, readonly string[]] => [
      line.slice(startIndex, endIndex),
      scopes,
    ]);
  });
}

/** VS Code's grammars with ours injected as package.json says. */
async function loadYamlGrammar(): Promise<IGrammar> {
  const extension = extensions.getExtension('egress-router-tools.egress-router-tools');
  assert.ok(extension);
  const ours = contributionsOf(extension.packageJSON, extension.extensionPath);
  const builtIn = await Promise.all(
    ['yaml', 'json'].map(async (name) => {
      const folder = path.join(env.appRoot, 'extensions', name);
      return contributionsOf(JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')), folder);
    }),
  );
  const all = [...ours, ...builtIn.flat()];
  const onigLib = loadOniguruma(extension.extensionPath);
  const registry = new Registry({
    onigLib,
    loadGrammar: async (scopeName) => {
      const file = all.find((one) => one.scopeName === scopeName)?.path;
      return file === undefined ? null : parseRawGrammar(await readFile(file, 'utf8'), file);
    },
    getInjections: (scopeName) =>
      ours.filter(({ injectTo }) => injectTo?.includes(scopeName)).map((one) => one.scopeName),
  });
  const grammar = await registry.loadGrammar('source.yaml');
  assert.ok(grammar, 'VS Code has no grammar for YAML');
  return grammar;
}

function contributionsOf(manifest: unknown, folder: string): readonly Contribution[] {
  const { contributes } = manifest as { contributes: { grammars: readonly Contribution[] } };
  return contributes.grammars.map((one) => ({ ...one, path: path.join(folder, one.path) }));
}

async function loadOniguruma(extensionPath: string) {
  const wasm = await readFile(path.join(extensionPath, 'node_modules/vscode-oniguruma/release/onig.wasm'));
  await loadWASM(wasm);
  return {
    createOnigScanner: (patterns: string[]) => new OnigScanner(patterns),
    createOnigString: (text: string) => new OnigString(text),
  };
}
