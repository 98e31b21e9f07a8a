import { expect, test } from 'vitest';
import { refuseTemplates } from '#cli/refuse-templates.ts';
import { run } from '#cli/run.ts';
import { readYamlFile } from '#language/document.ts';

const router = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: egress-a
  namespace: demo
spec:
  addresses:
    - ip: 192.168.12.99/24
      gateway: 192.168.12.1
  mode: Redirect
  redirect:
    redirectRules:
      - port: 8080
        protocol: TCP
        destinationIP: 203.0.113.25
`;

const io = (stdin: string, say: (text: string) => void) => ({
  stdout: say,
  stderr: say,
  copy: () => undefined,
  readStdin: () => Promise.resolve(Buffer.from(stdin)),
  signal: new AbortController().signal,
});

for (const verb of ['deploy', 'preflight', 'render']) {
  test.each([
    ['a name', router.replace('egress-a', '{{ .Release.Name }}')],
    ['a number', router.replace('8080', '{{ .Values.port }}')],
    ['what may be left out', router.replace('    redirect', '    {{- if .Values.extra }}\n    redirect')],
    ['all of it', `{{- if .Values.isOn }}\n${router}{{- end }}\n`],
  ])(`${verb} of a template of Helm that fills in %s`, async (_, text) => {
    let said = '';
    const args = [verb, '-', ...(verb === 'render' ? [] : ['--kubeconfig', '/no/such/file'])];
    const cluster = verb === 'render' ? '' : ' --kubeconfig=/no/such/file';
    const code = await run(
      args,
      io(text, (chunk) => void (said += chunk)),
    );
    expect(said).toBe(
      `(stdin): a template of Helm is not filled in, and nothing is known of the router in it before. For that, pipe it: helm template RELEASE CHART | egress-router ${verb} -${cluster}\nSee: egress-router ${verb} --help\n`,
    );
    expect(code).toBe(2);
  });
}

const helm = router.replace('egress-a', '{{ .Release.Name }}');

test.each([
  ['charts/web/templates/r.yaml', helm, /helm template RELEASE charts\/web \| egress-router render -$/],
  ['templates/r.yaml', helm, /helm template RELEASE \. \|/],
  ['mytemplates/r.yaml', helm, /helm template RELEASE CHART \|/],
  [
    'r.yaml',
    router.replace('egress-a', '{% block name %}a{% endblock %}'),
    /^r\.yaml: something .*is done\.$/,
  ],
])('%s', (path, text, expected) => {
  const yaml = [readYamlFile(text, undefined, { reconciler: 'unknown' })];
  const refuse = (): void => refuseTemplates([{ path, text }], yaml, 'render', {});
  expect(refuse).toThrow(expected);
});

test.each([
  ['a comment', `# Made by {{ tool }}.\n${router}`],
  ['a document without a router', `${router}---\nkind: ConfigMap\ndata: {{ .Values.data }}\n`],
])('what stands in %s is no matter', async (_, text) => {
  expect(
    await run(
      ['render', '-'],
      io(text, () => undefined),
    ),
  ).toBe(0);
});
