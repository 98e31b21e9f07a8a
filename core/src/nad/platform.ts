import type { Reconciler } from '#core/egress-router/reconciler.ts';
import { macvlanModes } from '#core/egress-router/wire.ts';
import { ipOf, parseCidr } from '#core/net/cidr.ts';
import { isIp4 } from '#core/net/ip.ts';
import type { Fix, Path, Problem } from '#core/problem.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import type { NadReading, ParsedNad } from './parse.ts';
import { checkPlatformDestinations } from './platform-destinations.ts';
import type { PlatformFinding } from './platform-finding.ts';
import type { NadProblemCode } from './problem-codes.ts';

/** What the plugin of the platform makes of a configuration that is sound to this project's. */
export function checkNadPlatform(
  { reading, problems }: Pick<ParsedNad, 'reading'> & { readonly problems: readonly Pick<Problem, 'path'>[] },
  reconciler: Reconciler,
): Problem<NadProblemCode>[] {
  const { config } = reading;
  if (config === undefined || reconciler === 'agent') return [];
  const severity = reconciler === 'cno' ? 'warning' : 'information';
  const told = new Set(problems.map(({ path }) => JSON.stringify(path)));
  return [
    ...checkVersion(config),
    ...checkIp(config.value['ip']).map((finding) => within(['ip'], finding)),
    ...checkInterface(config.value['interfaceArgs']).map((finding) => within(['interfaceArgs'], finding)),
    ...checkIgnoredKeys(config.value),
  ].flatMap((finding) => {
    const placed = finding.code === 'netconf-cni-version-unserved' ? finding : within(config.path, finding);
    // Of a value that this project's plugin refuses too, that is told.
    return told.has(JSON.stringify(placed.path)) ? [] : [{ ...placed, severity }];
  });
}

type Config = NonNullable<NadReading['config']>;

function checkVersion({ cniVersion }: Config): PlatformFinding[] {
  const version = cniVersion?.value;
  if (cniVersion === undefined || typeof version !== 'string' || version === '') return [];
  if (servedVersions.includes(version)) return [];
  return [
    {
      code: 'netconf-cni-version-unserved',
      path: cniVersion.path,
      message: `The plugin of the platform does not serve CNI ${version}: pods do not start. Use 0.4.0.`,
      fixes: [{ title: 'Use 0.4.0', edits: [{ kind: 'replace', path: cniVersion.path, value: '0.4.0' }] }],
    },
  ];
}

const servedVersions: readonly string[] = ['0.1.0', '0.2.0', '0.3.0', '0.3.1', '0.4.0'];

function checkIp(ip: unknown): PlatformFinding[] {
  if (!isJsonObject(ip)) return [];
  const addresses = textsAt(ip, 'addresses');
  const first = parseCidr(addresses[0] ?? '');
  return [
    ...checkAddresses(addresses),
    ...checkGateway(ip),
    ...checkPlatformDestinations(
      textsAt(ip, 'destinations'),
      // Otherwise it is told of the address, or that there is none of the family.
      first !== undefined && isIp4(ipOf(first)) && addresses.some((text) => text.includes(':')),
    ),
    ...checkFallback(ip),
  ];
}

function checkAddresses(addresses: readonly string[]): PlatformFinding[] {
  return addresses.flatMap((text, index): PlatformFinding[] => {
    const path = ['addresses', index];
    const cidr = parseCidr(text);
    if (index > 0) {
      return [
        {
          code: 'netconf-address-ignored',
          path,
          message: `The plugin of the platform takes the first address only: the router does not get ${text}.`,
          fixes: [{ title: `Remove "${text}"`, edits: [{ kind: 'remove', path }] }],
        },
      ];
    }
    if (cidr === undefined || isIp4(ipOf(cidr))) return [];
    return [
      {
        code: 'netconf-ipv6-unsupported',
        path,
        message: `The plugin of the platform cannot set up IPv6: no router comes of ${ipOf(cidr)}.`,
      },
    ];
  });
}

function checkGateway(ip: JsonObject): PlatformFinding[] {
  const { gateway } = ip;
  const path = ['gateway'];
  if (gateway === undefined || gateway === null || gateway === '') {
    // Without an address, that is told.
    if (textsAt(ip, 'addresses').length === 0) return [];
    return [
      {
        code: 'netconf-gateway-needed',
        path: gateway === undefined ? [] : path,
        at: 'key',
        message:
          'The plugin of the platform fails without a gateway: add "gateway", the next hop on the network of the first address.',
      },
    ];
  }
  if (!Array.isArray(gateway)) return [];
  return [
    {
      code: 'netconf-spelling-unread',
      path,
      at: 'key',
      message: 'The plugin of the platform reads one gateway, as text, and fails to read a list.',
    },
  ];
}

function checkFallback(ip: JsonObject): PlatformFinding[] {
  const written = ip['fallbackIP'];
  if (written === undefined || written === null || written === '') return [];
  const path = ['fallbackIP'];
  const remove = { kind: 'remove', path } as const;
  const fixes: Fix[] = [{ title: 'Remove "fallbackIP"', edits: [remove] }];
  if (typeof written === 'string' && !Object.hasOwn(ip, 'destinations')) {
    const add = { kind: 'add', path: ['destinations'], value: [written] } as const;
    fixes.unshift({ title: `Write ${written} as a destination`, edits: [remove, add] });
  }
  return [
    {
      code: 'netconf-fallback-ignored',
      path,
      at: 'key',
      message:
        'The plugin of the platform ignores "fallbackIP": what has no destination is not redirected there. A lone address at the end of "destinations" is a fallback to both.',
      fixes,
    },
  ];
}

/** All values there are text to it, and words are compared letter by letter. */
function checkInterface(args: unknown): PlatformFinding[] {
  if (!isJsonObject(args)) return [];
  return Object.entries(args).flatMap(([key, value]): PlatformFinding[] => {
    const path = [key];
    if (typeof value === 'number') {
      const message = `The plugin of the platform reads text only in "interfaceArgs", and fails to read the number ${value}: put it between quotes.`;
      return [{ code: 'netconf-spelling-unread', path, message, fixes: [use(String(value), path, true)] }];
    }
    if (key !== 'mode' || typeof value !== 'string') return [];
    const lower = value.toLowerCase();
    if (lower === value || !macvlanModes.some((mode) => mode.toLowerCase() === lower)) return [];
    const message = `The plugin of the platform knows no macvlan mode "${value}", only "${lower}".`;
    return [{ code: 'netconf-spelling-unread', path, message, fixes: [use(lower, path, true)] }];
  });
}

/** Keys of this project's plugin. The log level that the Cluster Network Operator writes is no one's choice. */
function checkIgnoredKeys(conf: JsonObject): PlatformFinding[] {
  return Object.entries(ignoredKeys).flatMap(([key, what]): PlatformFinding[] => {
    if (!Object.hasOwn(conf, key) || (key === 'log_level' && conf[key] === 'debug')) return [];
    return [
      {
        code: 'netconf-key-ignored',
        path: [key],
        at: 'key',
        message: `The plugin of the platform does not read "${key}": ${what}.`,
        fixes: [{ title: `Remove "${key}"`, edits: [{ kind: 'remove', path: [key] }] }],
      },
    ];
  });
}

const ignoredKeys: Readonly<Record<string, string>> = {
  dad: 'it takes the address without asking whether something else has it',
  mac: 'the interface gets another random MAC address with each pod',
  localPorts: 'a fallback takes these ports too',
  log_level: 'it only logs what makes it panic',
};

function within(root: Path, finding: PlatformFinding): PlatformFinding {
  const { fixes } = finding;
  const deeper = (path: Path): Path => [...root, ...path];
  return {
    ...finding,
    path: deeper(finding.path),
    ...(fixes === undefined
      ? {}
      : {
          fixes: fixes.map((fix) => ({
            ...fix,
            edits: fix.edits.map((edit) => ({ ...edit, path: deeper(edit.path) })),
          })),
        }),
  };
}

function use(value: string, path: Path, isSafe?: true): Fix {
  const title = `Use "${value}"`;
  return { title, edits: [{ kind: 'replace', path, value }], ...(isSafe === undefined ? {} : { isSafe }) };
}

/** As many of them as are text, up to the first that is none. */
function textsAt(object: JsonObject, key: string): readonly string[] {
  const value = object[key];
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const end = list.findIndex((one) => typeof one !== 'string');
  return list.slice(0, end < 0 ? list.length : end).filter((one) => typeof one === 'string');
}
