import { expect, test } from 'vitest';
import type { Finding } from '#core/platform/finding.ts';
import { groupFindings } from '#core/platform/group-findings.ts';

const nic: Finding = { code: 'nic', verdict: 'information', message: 'Nothing tells which NICs there are.' };
const free = (ip: string): Finding => ({ code: 'address', verdict: 'ok', message: `${ip} is free.` });
const platform = (own: string): Finding => ({
  code: 'platform',
  verdict: 'warning',
  message: `It must admit ${own}. That is all.`,
  own,
  remedy: { title: 'Command', text: `admit ${own}\n` },
});

function check(findings: readonly (readonly Finding[])[], expected: readonly (readonly string[])[]) {
  const reports = findings.map((own, index) => ({
    router: { namespace: 'web', name: `r${index + 1}` },
    findings: own,
  }));
  expect(
    groupFindings(reports).map((group) => [
      group.routers.map(({ name }) => name).join(' '),
      ...group.findings.map(({ message, remedy }) => `${message}${remedy === undefined ? '' : remedy.text}`),
    ]),
  ).toEqual(expected);
}

test('what is said of one router stays as it is, the worst first', () =>
  check(
    [[nic, platform('0a'), free('1')]],
    [['r1', 'It must admit 0a. That is all.admit 0a\n', nic.message, '1 is free.']],
  ));

test('what is said of all is said once, with what each has of its own', () =>
  check(
    [
      [platform('0a'), nic, free('1')],
      [platform('0b'), nic, free('2')],
    ],
    [
      ['r1 r2', 'It must admit 0a (web/r1), 0b (web/r2). That is all.admit 0a\nadmit 0b\n', nic.message],
      ['r1', '1 is free.'],
      ['r2', '2 is free.'],
    ],
  ));

test('what is said of some names them', () =>
  check(
    [[free('1')], [nic], [nic]],
    [
      ['r2 r3', nic.message],
      ['r1', '1 is free.'],
    ],
  ));

test('what is said twice of one router is no group', () =>
  check([[nic, nic], []], [['r1', nic.message, nic.message]]));

test('of very many routers a line names the first ones', () => {
  const many = Array.from({ length: 20 }, (_, index) => [platform(`m${index}`), free(`${index}`)]);
  const [all] = groupFindings(
    many.map((findings, index) => ({ router: { namespace: 'web', name: `r${index}` }, findings })),
  );
  expect(all?.findings[0]?.message).toMatch(/m11 \(web\/r11\) and 8 more\. That is all\.$/);
});
