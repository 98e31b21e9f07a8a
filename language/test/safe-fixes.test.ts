// What "lint --fix", and fixing on save, do without a question. The rows of the checks are those of check-rows.test.ts.
import { expect, test } from 'vitest';
import { readYamlFile } from '#language/document.ts';
import { safeFixOf } from '#language/features/fixes/fix-all.ts';
import { allRows } from './rows/all-rows.ts';

/** What is marked, and what becomes of it. Nothing is among them that a person may mean in another way. */
const safe = [
  'address-not-cidr: 192.168.12.99 /24 → Use 192.168.12.99/24',
  'address-not-cidr: 192.168.12.99/255.255.255.0 → Use 192.168.12.99/24',
  'destination-with-prefix: 203.0.113.25/32 → Use 203.0.113.25, without the prefix length',
  'duplicate-key: protocol → Remove this second "protocol"',
  'duplicate-rule: *first → Remove the second rule for TCP port 8080',
  'duplicate-rule: 8080 → Remove the second rule for TCP port 8080',
  'legacy-annotation-invalid: true → Use "true"',
  'legacy-destination-invalid: \t → Use a space',
  'legacy-destination-invalid:  # first → Put the comment on a line of its own',
  'legacy-destination-invalid: TCP → Use tcp',
  'legacy-fallback-misplaced: 203.0.113.27 → Make it the last line',
  'legacy-gateway-invalid: 192.168.12.1/24 → Use 192.168.12.1',
  'legacy-source-invalid: "192.168.12.99/24 " → Use 192.168.12.99/24',
  'netconf-spelling-unread: " 8080 TCP  203.0.113.25 80" → Use "8080 TCP 203.0.113.25 80"',
  'netconf-spelling-unread: "203.0.113.25/32" → Use "203.0.113.25"',
  'netconf-spelling-unread: "8080 TCP 203.0.113.25/32 80" → Use "8080 TCP 203.0.113.25 80"',
  'netconf-spelling-unread: "VEPA" → Use "vepa"',
  'netconf-spelling-unread: 1400 → Use "1400"',
  'not-in-enum: Egressrouter → Use EgressRouter',
  'not-in-enum: passthrough → Use Passthru',
  'not-in-enum: redirect → Use Redirect',
  'protocol-lower-case: "Udp" → Use UDP',
  'protocol-lower-case: tcp → Use TCP',
  'target-port-repeats-port: 8080 → Remove "targetPort"',
  'unknown-field: gatway → Rename to "gateway"',
  'unknown-field: lables → Rename to "labels"',
  'wrong-format: 192.168.12.1/24 → Use 192.168.12.1, without the prefix length',
  'wrong-type: "8080" → Write 8080 without quotes',
  'yaml-1.1-value: 0o120 → Write 80',
  'yaml-1.1-value: 1:30 → Put quotes around it',
  'yaml-1.1-value: 2026-01-31 → Put quotes around it',
  'yaml-1.1-value: on → Put quotes around it',
  'yaml-1.1-value: yes → Put quotes around it',
  'yaml-syntax: %YAML 1.2 → Leave the line out',
  'yaml-syntax: \u00A0\u00A0 → Put plain spaces in place of all of them',
  'yaml-syntax: \u202F → Put plain spaces in place of all of them',
];

test('what can be meant in one way only is mended without a question, and nothing else', () => {
  const found = allRows.flatMap(({ code, raises, reconciler = 'unknown' }) =>
    Object.values(typeof raises === 'string' ? [raises] : raises).flatMap((text) => {
      const marked = /«([^]*)»/.exec(text)?.[1];
      const { slices } = readYamlFile(text.replace(/[«»]/g, ''), undefined, { reconciler });
      return slices
        .flatMap(({ content }) => content?.diagnostics ?? [])
        .filter((diagnostic) => diagnostic.code === code)
        .flatMap((diagnostic) => safeFixOf(diagnostic) ?? [])
        .map(({ title }) => `${code}: ${marked} → ${title}`);
    }),
  );
  expect([...new Set(found)].toSorted()).toEqual(safe);
});
