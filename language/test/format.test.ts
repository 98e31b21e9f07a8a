import { expect, test } from 'vitest';
import { createBaseService } from '#language/base-service.ts';
import { readYamlFile } from '#language/document.ts';
import { formatEdits } from '#language/features/format.ts';
import { head } from './cursor.ts';

const base = createBaseService();
const messy = `${head}spec:\n    mode:   Redirect # c\n    addresses:\n    -   ip: "10.0.0.5/24"\n`;
const tidy = `${head}spec:\n  mode: Redirect # c\n  addresses:\n    - ip: "10.0.0.5/24"\n`;

function check(title: string, text: string, wanted: string, offset?: number): void {
  test(title, async () => {
    const edits = await formatEdits(readYamlFile(text), base, {
      tabSize: 2,
      ...(offset === undefined ? {} : { offset }),
    });
    const formatted = edits
      .toReversed()
      .reduce(
        (before, { span, newText }) => before.slice(0, span.start) + newText + before.slice(span.end),
        text,
      );
    expect(formatted).toBe(wanted);
  });
}

check('a router', messy, tidy);
check('a router that is tidy', tidy, tidy);
check('markers stay', `---\n${messy}...\n`, `---\n${tidy}...\n`);
check('a marker with a comment stays as it is', `--- # c\n${messy}`, `--- # c\n${messy}`);
check(
  'other documents stay as they are',
  `a:   1\n---\n${messy}---\nb:   2\n`,
  `a:   1\n---\n${tidy}---\nb:   2\n`,
);
check('line ends of Windows', messy.replaceAll('\n', '\r\n'), tidy.replaceAll('\n', '\r\n'));
test('a router that is tidy needs no edit, whatever its line ends', async () => {
  for (const text of [tidy, tidy.replaceAll('\n', '\r\n')])
    expect(await formatEdits(readYamlFile(text), base, { tabSize: 2 })).toEqual([]);
});
check('one router only', `${messy}---\n${messy}`, `${messy}---\n${tidy}`, messy.length + 10);
check('broken YAML stays as it is', `${messy}  x: [`, `${messy}  x: [`);
for (const value of ['{{ .Values.nic }}', '"{{ .Values.nic }}"']) {
  const templated = `${messy}    networkInterface:   ${value}\n`;
  check(`a template stays as it is: ${value}`, templated, templated);
}
check(
  'JSON stays as it is',
  `{"apiVersion":"network.operator.openshift.io/v1","kind":"EgressRouter"}`,
  `{"apiVersion":"network.operator.openshift.io/v1","kind":"EgressRouter"}`,
);
