import { expect, test } from 'vitest';
import { parseQuestion, toQuestion } from '#core/attachment/address-question.ts';
import {
  parseOwners,
  questionSysctls,
  readNeighbors,
  toQuestionBatch,
} from '#core/attachment/duplicate-address.ts';
import { toLinkCommand } from '#core/attachment/ip-batch.ts';
import { config, dualConfig, ifName, planOf } from './sample.ts';

const link = ifName('ert-7');

function questionOf(value: object) {
  const question = toQuestion(planOf(value));
  if (question === undefined) throw new Error('there is no question');
  return question;
}

test('a question for both families, three times within its time', () => {
  const question = questionOf({ ...dualConfig, dad: { timeoutMs: 100 } });
  expect(question).toEqual({
    master: 'enp1s0',
    mode: 'bridge',
    ips: ['192.168.12.99', 'fd12::99'],
    timeoutMs: 100,
  });
  expect(parseQuestion(JSON.parse(JSON.stringify(question)))).toEqual(question);
  expect(toQuestionBatch(question, link)).toBe(
    'neigh replace 192.168.12.99 dev ert-7 use\nneigh replace fd12::99 dev ert-7 use\n',
  );
  expect(questionSysctls(question, link)).toEqual([
    { key: 'ipv4/neigh/ert-7/retrans_time_ms', value: 34 },
    { key: 'ipv4/neigh/ert-7/mcast_solicit', value: 4 },
    { key: 'ipv6/neigh/ert-7/retrans_time_ms', value: 34 },
    { key: 'ipv6/neigh/ert-7/mcast_solicit', value: 4 },
    { key: 'ipv6/conf/ert-7/accept_dad', value: 0 },
  ]);
});

test('a long time is one of a question each second', () => {
  expect(questionSysctls(questionOf({ ...config, dad: { timeoutMs: 9500 } }), link)).toEqual([
    { key: 'ipv4/neigh/ert-7/retrans_time_ms', value: 1000 },
    { key: 'ipv4/neigh/ert-7/mcast_solicit', value: 11 },
  ]);
});

test('no question with a time of 0', () => {
  expect(toQuestion(planOf({ ...config, dad: { timeoutMs: 0 } }))).toBeUndefined();
});

test('passthru is asked for in passthru', () => {
  expect(questionOf({ ...config, interfaceArgs: { mode: 'passthru' } }).mode).toBe('passthru');
});

test.each([null, 7, {}, { master: 'a b', mode: 'bridge', ips: [], timeoutMs: 1 }, { master: 'e', ips: [] }])(
  '%j is no question',
  (value) => expect(parseQuestion(value)).toBeUndefined(),
);

test('owners are neighbors that have answered', () => {
  const owners = readNeighbors([
    { dst: '192.168.12.99', lladdr: '66:3c:ff:42:dd:bc', state: ['REACHABLE'] },
    { dst: '192.168.12.98', state: ['INCOMPLETE'] },
    { dst: 'fd12::99', lladdr: '66:3c:ff:42:dd:bd', router: null, state: ['STALE'] },
    'what is no entry',
  ]);
  expect(owners).toEqual([
    { ip: '192.168.12.99', mac: '66:3c:ff:42:dd:bc' },
    { ip: 'fd12::99', mac: '66:3c:ff:42:dd:bd' },
  ]);
  expect(parseOwners(JSON.parse(JSON.stringify(owners)))).toEqual(owners);
});

test('a MAC is set when the link is made', () => {
  expect(toLinkCommand(planOf({ ...config, mac: '02:42:C0:A8:0C:63' }), link, '/proc/7/ns/net')).toEqual(
    'link add link enp1s0 name ert-7 address 02:42:c0:a8:0c:63 netns /proc/7/ns/net type macvlan mode bridge'.split(
      ' ',
    ),
  );
});
