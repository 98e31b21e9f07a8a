import { router } from '../cursor.ts';
import { changed, withAddress } from './changed.ts';
import type { CheckRow } from './check-row.ts';

const withIp6 = (ip: string, gateway: string): string =>
  changed('203.0.113.25', '2001:db8::25', withAddress(ip, gateway));

export const addressRows: readonly CheckRow[] = [
  {
    code: 'no-address',
    raises: changed(
      '  addresses:\n    - ip: 192.168.12.99/24\n      gateway: 192.168.12.1\n',
      '  «addresses»: []\n',
    ),
    quiet: router,
    fixed: { none: 'Only a person knows the reserved address.' },
  },
  {
    code: 'address-without-prefix',
    raises: changed('192.168.12.99/24', '«192.168.12.99»'),
    quiet: router,
    fixed: router,
  },
  {
    code: 'address-without-prefix',
    raises: withAddress('«192.168.12.99»', '192.168.13.1'),
    quiet: withAddress('192.168.12.99/23', '192.168.13.1'),
    fixed: withAddress('192.168.12.99/23', '192.168.13.1'),
  },
  {
    code: 'address-without-prefix',
    raises: withIp6('«fd12::99»', 'fe80::1'),
    quiet: withIp6('fd12::99/64', 'fe80::1'),
    fixed: withIp6('fd12::99/64', 'fe80::1'),
  },
  {
    code: 'address-not-cidr',
    raises: changed('192.168.12.99/24', '«192.168.12.99 /24»'),
    quiet: router,
    fixed: router,
  },
  {
    code: 'address-not-cidr',
    raises: changed('192.168.12.99/24', '«192.168.012.099/24»'),
    quiet: router,
    fixed: router,
  },
  {
    code: 'address-not-cidr',
    raises: changed('192.168.12.99/24', '«192.168.12.99/255.255.255.0»'),
    quiet: router,
    fixed: router,
  },
  {
    code: 'address-not-cidr',
    raises: changed('192.168.12.99/24', '«192.168.12.99/33»'),
    quiet: changed('192.168.12.99/24', '192.168.12.99/32'),
    fixed: { none: 'Only a person knows which prefix length was meant.' },
  },
  {
    code: 'address-is-network',
    raises: changed('192.168.12.99/24', '«192.168.12.0/24»'),
    quiet: withAddress('192.168.13.0/23', '192.168.12.1'),
    fixed: { none: 'Only a person knows which address is reserved.' },
  },
  {
    code: 'address-is-network',
    raises: withIp6('«fd12::/64»', 'fd12::1'),
    quiet: withIp6('fd12::/127', 'fd12::1'),
    fixed: { none: 'Only a person knows which address is reserved.' },
  },
  {
    code: 'address-is-broadcast',
    raises: changed('192.168.12.99/24', '«192.168.12.255/24»'),
    quiet: withAddress('192.168.12.255/23', '192.168.12.1'),
    fixed: { none: 'Only a person knows which address is reserved.' },
  },
  {
    code: 'address-is-special',
    raises: withAddress('«127.0.0.5/8»', '127.0.0.1'),
    quiet: withAddress('126.0.0.5/8', '126.0.0.1'),
    fixed: { none: 'Only a person knows which address is reserved.' },
  },
  {
    code: 'address-is-special',
    raises: withAddress('«169.254.12.99/16»', '169.254.0.1'),
    quiet: withAddress('169.253.12.99/16', '169.253.0.1'),
    fixed: { none: 'Only a person knows which address is reserved.' },
  },
  {
    code: 'prefix-without-hosts',
    raises: withAddress('«192.168.12.99/32»', '192.168.12.1'),
    quiet: withAddress('192.168.12.98/31', '192.168.12.99'),
    fixed: router,
  },
  {
    code: 'prefix-without-hosts',
    raises: withIp6('«fd12::99/128»', 'fe80::1'),
    quiet: withIp6('fd12::99/127', 'fe80::1'),
    fixed: withIp6('fd12::99/64', 'fe80::1'),
  },
  {
    code: 'prefix-too-short',
    raises: withAddress('«192.168.12.99/2»', '192.168.12.1'),
    quiet: withAddress('192.168.12.99/8', '192.168.12.1'),
    fixed: router,
  },
  {
    code: 'duplicate-address',
    raises: changed('gateway: 192.168.12.1\n', 'gateway: 192.168.12.1\n    - ip: «192.168.12.99/25»\n'),
    quiet: changed('gateway: 192.168.12.1\n', 'gateway: 192.168.12.1\n    - ip: 192.168.12.98/24\n'),
    fixed: router,
  },
  {
    code: 'no-gateway',
    raises: withAddress('«192.168.12.99/24»'),
    quiet: changed('203.0.113.25', '192.168.12.7', withAddress('192.168.12.99/24')),
    fixed: router,
  },
  {
    code: 'gateway-other-family',
    raises: withAddress('192.168.12.99/24', '«fd12::1»'),
    quiet: router,
    fixed: router,
  },
  {
    code: 'gateway-outside-subnet',
    raises: withAddress('192.168.12.99/24', '«192.168.13.1»'),
    quiet: withAddress('192.168.12.99/23', '192.168.13.1'),
    fixed: router,
  },
  {
    code: 'gateway-outside-subnet',
    raises: withIp6('fd12::99/64', '«fd13::1»'),
    quiet: withIp6('fd12::99/64', 'fe80::1'),
    fixed: withIp6('fd12::99/64', 'fd12::1'),
  },
  {
    code: 'gateway-is-address',
    raises: withAddress('192.168.12.99/24', '«192.168.12.99»'),
    quiet: withAddress('192.168.12.99/24', '192.168.12.98'),
    fixed: router,
  },
  {
    code: 'gateway-is-network',
    raises: withAddress('192.168.12.99/24', '«192.168.12.255»'),
    quiet: withAddress('192.168.12.99/23', '192.168.12.255'),
    fixed: router,
  },
  {
    code: 'gateway-is-special',
    raises: withAddress('192.168.12.99/24', '«127.0.0.1»'),
    quiet: withAddress('192.168.12.99/24', '126.0.0.1'),
    fixed: router,
  },
];
