import { healthPort } from '#core/manifest/names.ts';
import { familyOfCidr, ipOf } from '#core/net/cidr.ts';
import { familyOf, type Ip } from '#core/net/ip.ts';
import type { Fix, Path, Problem, ValueEdit } from '#core/problem.ts';
import type { RouterReading } from '../parse.ts';
import type { Reconciler } from '../reconciler.ts';
import { listAt, objectAt, ruleAt } from '../written.ts';
import { familiesWithoutGateway } from './address-checks.ts';
import { gatewayFixes } from './usual-network.ts';

export const platformProblemCodes = [
  'cno-ignores-network-interface',
  'cno-ignores-address',
  'cno-ignores-fallback',
  'cno-lacks-ipv6',
  'cno-needs-gateway',
  'rule-takes-health-port',
  'fallback-repeats-rule',
] as const;

export type PlatformProblemCode = (typeof platformProblemCodes)[number];

type PlatformProblem = Problem<PlatformProblemCode>;

/**
 * What whoever reconciles the router makes of it, other than it says. None is an error but a rule on the port of
 * the probes, which the operator of this project refuses.
 */
export function checkPlatform(router: RouterReading, reconciler: Reconciler): PlatformProblem[] {
  const severity = reconciler === 'unknown' ? 'information' : 'warning';
  // Joined at once: mostly all are empty, and to spread one after the other into a list takes many times as long.
  const ofCno =
    reconciler === 'agent'
      ? []
      : checkNetworkInterface(router).concat(
          checkFirstAddress(router),
          checkOtherAddresses(router),
          checkDestinations(router),
          checkGateway(router),
          checkFallback(router),
        );
  const all =
    reconciler === 'cno'
      ? ofCno
      : ofCno.concat(checkHealthPort(router), checkFallbackRules(router, reconciler));
  return all.map((problem) => withSeverity(problem, severity));
}

/** That a rule is not needed is never more than worth knowing; without its probes the pod never becomes ready. */
function withSeverity(
  problem: Omit<PlatformProblem, 'severity'>,
  severity: 'information' | 'warning',
): PlatformProblem {
  switch (problem.code) {
    case 'fallback-repeats-rule':
      return { ...problem, severity: 'information' };
    case 'rule-takes-health-port':
      return { ...problem, severity: severity === 'warning' ? 'error' : severity };
    default:
      return { ...problem, severity };
  }
}

type Finding = Omit<PlatformProblem, 'severity'>;

/** Whatever is written, the plugin of the platform makes a bridge-mode macvlan on a NIC that it picks itself. */
function checkNetworkInterface({ spec, macvlan }: RouterReading): Finding[] {
  const { mode, master } = macvlan;
  const findings: Finding[] = [];
  if (mode === 'Bridge' && master === undefined) return findings;
  const path: Path = ['spec', 'networkInterface', 'macvlan'];
  const written = objectAt(objectAt(spec['networkInterface'])['macvlan']);
  if (mode !== 'Bridge') {
    findings.push({
      code: 'cno-ignores-network-interface',
      path: [...path, 'mode'],
      message: `The Cluster Network Operator ignores the macvlan mode ${mode} and makes the interface in bridge mode.`,
      fixes: [
        {
          title: 'Use Bridge, the mode in force',
          edits: [{ kind: 'replace', path: [...path, 'mode'], value: 'Bridge' }],
        },
      ],
    });
  }
  if (master !== undefined) {
    // Without its only key the object would be empty; the whole of it has a default.
    const removed = written['mode'] === undefined ? path.slice(0, 2) : [...path, 'master'];
    findings.push({
      code: 'cno-ignores-network-interface',
      path: [...path, 'master'],
      message:
        'The Cluster Network Operator ignores "master": the NIC is the one of the node whose network holds the address.',
      fixes: [{ title: `Remove "${removed.at(-1)}"`, edits: [{ kind: 'remove', path: removed }] }],
    });
  }
  return findings;
}

function checkFirstAddress({ addresses: [first] }: RouterReading): Finding[] {
  if (first === undefined || familyOfCidr(first.address) === 4) return [];
  return [
    {
      code: 'cno-lacks-ipv6',
      path: ['spec', 'addresses', 0, 'ip'],
      message: `The plugin that the Cluster Network Operator uses cannot set up IPv6: no router comes of ${ipOf(first.address)}.`,
    },
  ];
}

function checkOtherAddresses({ addresses }: RouterReading): Finding[] {
  if (addresses.length < 2) return [];
  const told = new Set<Ip>();
  return addresses.flatMap((one, index): Finding[] => {
    if (one === undefined) return [];
    const entry = ['spec', 'addresses', index];
    const ip = ipOf(one.address);
    // The same one twice is told as that.
    const isTold = told.has(ip);
    told.add(ip);
    if (index === 0 || isTold) return [];
    return [
      {
        code: 'cno-ignores-address',
        path: [...entry, 'ip'],
        message: `The Cluster Network Operator takes the first address only: the router does not get ${ip}.`,
        related: [{ path: ['spec', 'addresses', 0, 'ip'], message: 'The address that the router gets.' }],
        fixes: [{ title: `Remove ${ip}`, edits: [{ kind: 'remove', path: entry }] }],
      },
    ];
  });
}

/** Where the first address is IPv6, that is told; where none is, so is that. */
function checkDestinations({ addresses, rules }: RouterReading): Finding[] {
  const [first] = addresses;
  if (first === undefined || familyOfCidr(first.address) === 6) return [];
  if (!addresses.some((one) => one !== undefined && familyOfCidr(one.address) === 6)) return [];
  return rules.flatMap((rule, index): Finding[] => {
    if (rule === undefined || familyOf(rule.destination) === 4) return [];
    const entry = ['spec', 'redirect', 'redirectRules', index];
    return [
      {
        code: 'cno-lacks-ipv6',
        path: [...entry, 'destinationIP'],
        message: `The plugin that the Cluster Network Operator uses redirects to IPv4 only, and fails with the destination ${rule.destination}: no router comes of this.`,
        fixes: [
          {
            title: `Remove the rule for ${rule.protocol} port ${rule.port}`,
            edits: [{ kind: 'remove', path: entry }],
          },
        ],
      },
    ];
  });
}

/** Where destinations need one, that is told whoever reconciles. */
function checkGateway(router: RouterReading): Finding[] {
  const { addresses, spec } = router;
  const [first] = addresses;
  if (first === undefined || first.gateway !== undefined || spec['gateway'] !== undefined) return [];
  const { ip: _, ...others } = objectAt(listAt(spec['addresses'])[0]);
  if (Object.keys(others).length > 0 || spec['gatewayIP'] !== undefined) return [];
  if (familyOfCidr(first.address) === 6 || familiesWithoutGateway(router).has(4)) return [];
  return [
    {
      code: 'cno-needs-gateway',
      path: ['spec', 'addresses', 0, 'ip'],
      message:
        'The plugin that the Cluster Network Operator uses fails without a gateway, whether a destination needs it or not: add a "gateway" to the first address.',
      fixes: gatewayFixes(first.address, 'add', ['spec', 'addresses', 0, 'gateway']),
    },
  ];
}

function checkFallback({ fallback, rules }: RouterReading): Finding[] {
  if (fallback === undefined) return [];
  const path = ['spec', 'redirect', 'fallbackIP'];
  const effect =
    rules.length === 0
      ? 'the router redirects nothing. Write a rule for each port.'
      : 'connections to ports without a rule are rejected. Write a rule for each port.';
  return [
    {
      code: 'cno-ignores-fallback',
      path,
      message: `The Cluster Network Operator hands "fallbackIP" on in a way that its plugin does not read: ${effect}`,
      ...(rules.length === 0
        ? {}
        : { fixes: [{ title: 'Remove "fallbackIP"', edits: [{ kind: 'remove' as const, path }] }] }),
    },
  ];
}

/** A rule takes the port away from the router process, whose probes then go to the remote server. */
function checkHealthPort({ rules, spec }: RouterReading): Finding[] {
  if (!rules.some((rule) => rule?.port === healthPort)) return [];
  const inUse = new Set<number>(rules.map((rule) => rule?.port ?? 0));
  const free = [1, 2, 3].map((distance) => healthPort + distance).find((port) => !inUse.has(port));
  return rules.flatMap((rule, index): Finding[] => {
    if (rule?.port !== healthPort || rule.protocol !== 'TCP') return [];
    return [
      {
        code: 'rule-takes-health-port',
        path: ['spec', 'redirect', 'redirectRules', index, 'port'],
        message: `This project's router process answers the probes of its pod on TCP port ${healthPort}; with this rule they go to ${rule.destination}, and the pod is not seen to be ready. Take another port.`,
        fixes: healthPortFixes(free, index, ruleAt(spec, index)['targetPort'] !== undefined),
      },
    ];
  });
}

function healthPortFixes(free: number | undefined, index: number, hasTarget: boolean): readonly Fix[] {
  if (free === undefined) return [];
  const entry: Path = ['spec', 'redirect', 'redirectRules', index];
  const target: readonly ValueEdit[] = hasTarget
    ? []
    : [{ kind: 'add', path: [...entry, 'targetPort'], value: healthPort }];
  return [
    {
      title: `Use port ${free}, to the same port of the server`,
      edits: [{ kind: 'replace', path: [...entry, 'port'], value: free }, ...target],
    },
  ];
}

function checkFallbackRules({ rules, fallback }: RouterReading, reconciler: Reconciler): Finding[] {
  if (fallback === undefined) return [];
  const isOfAgent = reconciler === 'agent';
  const seen = new Set<string>();
  return rules.flatMap((rule, index): Finding[] => {
    if (rule === undefined) return [];
    const key = `${rule.protocol} ${rule.port} ${familyOf(rule.destination)}`;
    // A rule after another one for the same port is told as that.
    if (seen.has(key)) return [];
    seen.add(key);
    if (rule.destination !== fallback || rule.targetPort !== rule.port || rule.port === healthPort) return [];
    const entry = ['spec', 'redirect', 'redirectRules', index];
    const remove: Fix = {
      title: `Remove the rule for ${rule.protocol} port ${rule.port}`,
      edits: [{ kind: 'remove', path: entry }],
    };
    return [
      {
        code: 'fallback-repeats-rule',
        path: [...entry, 'destinationIP'],
        message: `The fallback sends ${rule.protocol} port ${rule.port} to ${fallback} as well: this rule is only needed for the port of its Service.${isOfAgent ? '' : ' The Cluster Network Operator ignores the fallback: there, keep the rule.'}`,
        related: [{ path: ['spec', 'redirect', 'fallbackIP'], message: 'The fallback.' }],
        // Under the Cluster Network Operator, the router would redirect nothing on this port.
        ...(isOfAgent ? { fixes: [remove] } : {}),
      },
    ];
  });
}
