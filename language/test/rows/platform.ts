import { router } from '../cursor.ts';
import { changed, withAddress, withSpec } from './changed.ts';
import type { CheckRow } from './check-row.ts';

const withMacvlan = (fields: string): string => withSpec(`networkInterface: {macvlan: {${fields}}}`);
const withFallback = (text: string, rest = router): string => `${rest}    fallbackIP: ${text}\n`;
const second = (ip: string): string =>
  changed('gateway: 192.168.12.1\n', `gateway: 192.168.12.1\n    - ip: ${ip}\n      gateway: 192.168.12.1\n`);
const dual = second('fd12::99/64').replace(
  'gateway: 192.168.12.1\n  redirect',
  'gateway: fd12::1\n  redirect',
);

/** Of each finding, what it is without a word on who reconciles, and where the platform's operator does. */
export const platformRows: readonly CheckRow[] = [
  {
    code: 'cno-ignores-network-interface',
    raises: withMacvlan('mode: «Private»'),
    quiet: withMacvlan('mode: Bridge'),
    fixed: withMacvlan('mode: Bridge'),
  },
  {
    code: 'cno-ignores-network-interface',
    raises: withMacvlan('mode: Bridge, master: «enp1s0»'),
    quiet: withMacvlan('mode: Bridge'),
    fixed: withMacvlan('mode: Bridge'),
    reconciler: 'cno',
  },
  {
    code: 'cno-ignores-address',
    raises: second('«192.168.12.98/24»'),
    quiet: router,
    fixed: router,
    reconciler: 'cno',
  },
  {
    code: 'cno-ignores-fallback',
    raises: withFallback('«203.0.113.26»'),
    quiet: router,
    fixed: router,
    reconciler: 'cno',
  },
  {
    code: 'cno-lacks-ipv6',
    raises: changed('203.0.113.25', '2001:db8::25', withAddress('«fd12::99/64»', 'fd12::1')),
    quiet: router,
    fixed: { none: 'Only a person knows an IPv4 address that is reserved.' },
    reconciler: 'cno',
  },
  {
    code: 'cno-lacks-ipv6',
    raises: `${dual}      - {port: 80, protocol: TCP, destinationIP: «'2001:db8::25'»}\n`,
    quiet: dual,
    fixed: dual,
    reconciler: 'cno',
  },
  {
    code: 'cno-needs-gateway',
    raises: changed('203.0.113.25', '192.168.12.25', withAddress('«192.168.12.99/24»')),
    // There it is told that the destination needs one.
    quiet: withAddress('192.168.12.99/24'),
    fixed: changed('203.0.113.25', '192.168.12.25'),
    reconciler: 'cno',
  },
  {
    code: 'rule-takes-health-port',
    raises: changed('8080', '«9410»'),
    quiet: changed('8080', '9411'),
    fixed: changed('8080', '9411'),
    reconciler: 'agent',
  },
  {
    code: 'rule-takes-health-port',
    raises: changed('        targetPort: 80\n', '', changed('8080', '«9410»')),
    quiet: changed('TCP', 'UDP', changed('8080', '9410')),
    fixed: changed('targetPort: 80', 'targetPort: 9410', changed('8080', '9411')),
  },
  {
    code: 'fallback-repeats-rule',
    raises: withFallback(
      '203.0.113.25',
      changed(
        '        targetPort: 80\n',
        '      - {port: 443, protocol: TCP, destinationIP: 203.0.113.26}\n',
        changed('203.0.113.25', '«203.0.113.25»'),
      ),
    ),
    quiet: withFallback('203.0.113.25'),
    fixed: withFallback(
      '203.0.113.25',
      `${router.slice(0, router.indexOf('      - port'))}      - {port: 443, protocol: TCP, destinationIP: 203.0.113.26}\n`,
    ),
    reconciler: 'agent',
  },
];
