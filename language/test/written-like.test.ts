import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { JsonValue } from '#core/problem.ts';
import { writtenLike } from '#language/edits/written-like.ts';

const text = `# of the web team
kind: EgressRouter # a comment
spec:
  addresses:
    - {ip: "192.168.12.99/24"} # reserved
  redirect:
    redirectRules:
      # the partner's API
      - port: 8080
        protocol: TCP
      # its name server
      - port: 8053
        protocol: UDP
`;

/** @param change of the value that the text has */
function check(title: string, change: (value: string) => string, wanted: string): void {
  test(title, () => {
    const value: JsonValue = JSON.parse(change(JSON.stringify(parse(text))));
    const written = writtenLike(text, value);
    expect(written).toBe(wanted);
    expect(parse(wanted)).toEqual(value);
  });
}

check('the same', (value) => value, text);
check('another value', (value) => value.replace('8080', '8081'), text.replace('8080', '8081'));
check(
  'a field more',
  (value) => value.replace('"spec":{', '"spec":{"mode":"Redirect",'),
  `${text}  mode: Redirect\n`,
);
check(
  'a field less',
  (value) => value.replace('"port":8053,', ''),
  text.replace('- port: 8053\n        protocol: UDP', '- protocol: UDP'),
);
check(
  'an entry less, which is not the last',
  (value) => value.replace('{"port":8080,"protocol":"TCP"},', ''),
  text.replace('      - port: 8080\n        protocol: TCP\n', ''),
);
check(
  'two entries more',
  (value) => value.replace('"UDP"}', '"UDP"},{"port":1,"protocol":"TCP"},{"port":2,"protocol":"TCP"}'),
  `${text}      - port: 1\n        protocol: TCP\n      - port: 2\n        protocol: TCP\n`,
);

test('what is too unlike is not written so', () => {
  expect(writtenLike(text, { kind: [] })).toBeUndefined();
});
