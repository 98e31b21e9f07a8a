import { router } from '../cursor.ts';
import type { CheckRow } from './check-row.ts';

const files = (patch: string, kind = 'EgressRouter'): Readonly<Record<string, string>> => ({
  'file:///router.yaml': router,
  'file:///kustomization.yaml': `resources: [router.yaml]
patches:
  - path: patch.yaml
    target: {kind: ${kind}, name: partner-api}
`,
  'file:///patch.yaml': patch,
});

/** A patch in a file of its own. */
function row(
  code: CheckRow['code'],
  wrong: string,
  quiet: string,
  fixed: CheckRow['fixed'] = quiet,
): CheckRow {
  return { code, raises: files(wrong), quiet: files(quiet), fixed };
}

const rule = '  value: {port: 8081, protocol: TCP, destinationIP: 203.0.113.26}\n';
const inline = (patch: string): string =>
  `resources: [router.yaml]\npatches:\n  - target: {kind: EgressRouter}\n    patch: |-\n${patch.replace(/^(?=.)/gm, '      ')}`;
const mode = '- op: replace\n  path: /spec/mode\n  value: Redirect\n';

export const patchRows: readonly CheckRow[] = [
  row(
    'patch-leads-nowhere',
    '- op: remove\n  path: «/spec/redirect/fallbackIP»\n',
    '- op: replace\n  path: /spec/redirect/fallbackIP\n  value: 203.0.113.26\n',
    { none: 'It is not known what is meant.' },
  ),
  row(
    'patch-leads-nowhere',
    `- op: add\n  path: «/spec/redirect/redirectRules»\n${rule}`,
    `- op: add\n  path: /spec/redirect/redirectRules/-\n${rule}`,
  ),
  row(
    'patch-leads-nowhere',
    '- op: remove\n  path: «/spec/adresses/0»\n',
    '- op: remove\n  path: /spec/addresses/0\n',
  ),
  row(
    'patch-leads-nowhere',
    '- op: remove\n  path: «spec.redirect»\n',
    '- op: remove\n  path: /spec/redirect\n',
  ),
  row(
    'patch-leads-nowhere',
    `- op: replace\n  path: «/spec/redirect/redirectRules/-»\n${rule}`,
    `- op: replace\n  path: /spec/redirect/redirectRules/0\n${rule}`,
    { none: 'It is not known which entry is meant.' },
  ),
  row('not-in-enum', '- op: «Remove»\n  path: /spec/mode\n', '- op: remove\n  path: /spec/mode\n'),
  row(
    'wrong-type',
    mode.replace('mode', 'redirect/redirectRules/0/port').replace('Redirect', '«"80"»'),
    mode,
    `${mode.replace('mode', 'redirect/redirectRules/0/port').replace('Redirect', '80')}`,
  ),
  row('missing-field', '- «op»: add\n  path: /spec/mode\n', mode, { none: 'The value is not known.' }),
  row(
    'unknown-field',
    '- op: add\n  path: /spec/addresses/-\n  value: {ip: 192.168.12.98/24, «gatewy»: 192.168.12.1}\n',
    '- op: add\n  path: /metadata/labels/any~1thing\n  value: x\n',
    '- op: add\n  path: /spec/addresses/-\n  value: {ip: 192.168.12.98/24, gateway: 192.168.12.1}\n',
  ),
  {
    code: 'patch-leads-nowhere',
    raises: files('- op: remove\n  path: «/spec/redirec»\n'),
    // What is not meant for routers is not ours.
    quiet: {
      ...files('- op: remove\n  path: /spec/mod\n', 'Deployment'),
      'file:///other/kustomization.yaml': inline('- op: remove\n  path: /spec/mod\n').replace(
        'kind: EgressRouter',
        'group: example.com, kind: EgressRouter',
      ),
      'file:///newer/kustomization.yaml': inline('- op: remove\n  path: /spec/mod\n').replace(
        'kind: EgressRouter',
        'version: v2, kind: EgressRouter',
      ),
    },
    fixed: '- op: remove\n  path: /spec/redirect\n',
  },
  {
    code: 'not-in-enum',
    raises: { 'file:///kustomization.yaml': inline(mode.replace('value: Redirect', 'value: «Proxy»')) },
    // What envsubst or Flux fills in is not known.
    quiet: { 'file:///kustomization.yaml': inline(mode.replace('value: Redirect', 'value: ${MODE}')) },
    fixed: { none: 'Its edits would be those of the text in the string.' },
  },
];
