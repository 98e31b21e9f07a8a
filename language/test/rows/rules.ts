import { router } from '../cursor.ts';
import { changed, withRule } from './changed.ts';
import type { CheckRow } from './check-row.ts';

const fallback = (text: string): string => `${router}    fallbackIP: ${text}\n`;
/** The rule with an anchor, and lines after it. */
const withFirst = (...lines: string[]): string =>
  withRule(...lines).replace('- port', '- &first\n        port');
const look = { none: 'The name is looked up only when a person asks for it.' };
const unknown = { none: 'Only a person knows the remote server.' };

export const ruleRows: readonly CheckRow[] = [
  { code: 'protocol-lower-case', raises: changed('TCP', '«tcp»'), quiet: router, fixed: router },
  {
    code: 'protocol-lower-case',
    raises: changed('TCP', '«"Udp"»'),
    quiet: changed('TCP', '"UDP"'),
    fixed: changed('TCP', '"UDP"'),
  },
  {
    code: 'duplicate-rule',
    raises: withRule('- port: «8080»', '  protocol: TCP', '  destinationIP: 203.0.113.26'),
    quiet: withRule('- port: 8080', '  protocol: UDP', '  destinationIP: 203.0.113.26'),
    fixed: router,
  },
  {
    code: 'duplicate-rule',
    raises: withRule('- {port: «8080», protocol: TCP, destinationIP: 203.0.113.25, targetPort: 80}'),
    quiet: withRule('- {port: 8081, protocol: TCP, destinationIP: 203.0.113.25, targetPort: 80}'),
    fixed: router,
  },
  {
    code: 'duplicate-rule',
    raises: withFirst('- «*first»'),
    quiet: withFirst('- <<: *first', '  port: 8081'),
    fixed: withFirst(),
  },
  {
    code: 'duplicate-rule',
    raises: withRule('- port: «8080»', '  protocol: TCP'),
    quiet: withRule('- port: 8080', '  protocol: ICMP'),
    fixed: router,
  },
  {
    code: 'duplicate-rule',
    raises: withRule('- port: «8080»', '  protocol: tcp', '  destinationIP: 203.0.113.26'),
    quiet: withRule('- port: 8080', '  protocol: udp', '  destinationIP: 203.0.113.26'),
    fixed: router,
  },
  {
    code: 'destination-is-network',
    raises: changed('203.0.113.25', '«192.168.12.255»'),
    quiet: changed('203.0.113.25', '192.168.12.254'),
    fixed: { none: 'Only a person knows which server is meant.' },
  },
  {
    code: 'destination-is-network',
    raises: `${router}    fallbackIP: «192.168.12.0»\n`,
    quiet: `${router}    fallbackIP: 192.168.13.0\n`,
    fixed: { none: 'Only a person knows which server is meant.' },
  },
  {
    code: 'target-port-repeats-port',
    raises: changed('targetPort: 80', 'targetPort: «8080»'),
    quiet: router,
    fixed: changed('        targetPort: 80\n', ''),
  },
  {
    code: 'destination-with-prefix',
    raises: changed('203.0.113.25', '«203.0.113.25/32»'),
    quiet: router,
    fixed: router,
  },
  {
    code: 'destination-with-prefix',
    raises: fallback('«203.0.113.26/24»'),
    quiet: fallback('203.0.113.26'),
    fixed: fallback('203.0.113.26'),
  },
  {
    code: 'destination-is-name',
    raises: changed('203.0.113.25', '«api.example.com»'),
    quiet: router,
    fixed: look,
  },
  {
    code: 'destination-is-name',
    raises: fallback('«https://api.example.com»'),
    quiet: fallback('203.0.113.26'),
    fixed: look,
  },
  {
    code: 'destination-is-special',
    raises: changed('203.0.113.25', '«127.0.0.1»'),
    quiet: changed('203.0.113.25', '126.0.0.1'),
    fixed: unknown,
  },
  {
    code: 'destination-is-special',
    raises: fallback('«0.0.0.0»'),
    quiet: fallback('203.0.113.26'),
    fixed: unknown,
  },
  {
    code: 'destination-is-own-address',
    raises: changed('203.0.113.25', '«192.168.12.99»'),
    quiet: changed('203.0.113.25', '192.168.12.98'),
    fixed: unknown,
  },
  {
    code: 'family-not-served',
    raises: changed('203.0.113.25', '«2001:db8::25»'),
    quiet: changed(
      '203.0.113.25',
      '2001:db8::25',
      changed(
        'gateway: 192.168.12.1\n',
        'gateway: 192.168.12.1\n    - {ip: fd12::99/64, gateway: fd12::1}\n',
      ),
    ),
    fixed: { none: 'Only a person knows an address of that family, or another server.' },
  },
  {
    code: 'nothing-to-redirect',
    raises: `${router.slice(0, router.indexOf('  redirect:'))}  «redirect»: {redirectRules: []}\n`,
    quiet: `${router.slice(0, router.indexOf('  redirect:'))}  redirect: {fallbackIP: 203.0.113.25}\n`,
    fixed: { none: 'Only a person knows where connections are to go.' },
  },
];
