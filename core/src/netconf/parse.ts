import { type MacvlanMode, macvlanModes } from '#core/egress-router/wire.ts';
import { type IfName, parseIfName } from '#core/net/ifname.ts';
import { type Mac, parseMac } from '#core/net/mac.ts';
import type { Problem } from '#core/problem.ts';
import {
  defaultDadTimeoutMs,
  type LogLevel,
  logLevels,
  type NetConf,
  type NetConfProblemCode,
} from './model.ts';
import { parseAddresses } from './parse-addresses.ts';
import { parseDestinations, parseLocalPorts } from './parse-destinations.ts';
import { type Fields, isFields, NetConfProblems, quote } from './problems.ts';

export interface ParsedNetConf {
  /** Absent when a problem is an error. */
  readonly conf?: NetConf;
  readonly problems: readonly Problem<NetConfProblemCode>[];
}

/**
 * Reads a network configuration that has been decoded from JSON: what this project renders, what the Cluster
 * Network Operator renders, and the other spellings that the upstream plugin takes. Keys that mean nothing to
 * an egress router (`type`, `prevResult`, `runtimeConfig`) are left to the executable.
 */
export function parseNetConf(value: unknown): ParsedNetConf {
  const problems = new NetConfProblems();
  if (!isFields(value)) {
    problems.error('netconf-not-an-object', [], 'The network configuration is not a JSON object.');
    return { problems: problems.list };
  }
  const cniVersion = parseCniVersion(value, problems);
  const name = parseName(value, problems);
  const macvlan = parseMacvlan(value, problems);
  const mac = parseMacOf(value, macvlan.mode, problems);
  const dad = parseDad(value, problems);
  const ip = parseIpSection(value, problems);
  const log = parseLog(value, problems);
  const localPorts = parseLocalPorts(value, ip.rules, problems);
  if (problems.hasErrors()) return { problems: problems.list };
  const conf = { cniVersion, name, macvlan, ...(mac === undefined ? {} : { mac }), dad };
  return { conf: { ...conf, ...ip, localPorts, ...log }, problems: problems.list };
}

function parseCniVersion(conf: Fields, problems: NetConfProblems): string {
  const version = conf['cniVersion'];
  // SPEC: a configuration without a version is one of 0.1.0.
  if (version === undefined || version === '') return '0.1.0';
  if (typeof version === 'string' && /^[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}$/.test(version)) return version;
  problems.error(
    'netconf-cni-version-invalid',
    ['cniVersion'],
    `cniVersion ${quote(version)} is not a version such as "1.0.0".`,
  );
  return '';
}

function parseName(conf: Fields, problems: NetConfProblems): string {
  const name = conf['name'];
  if (typeof name === 'string' && /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name)) return name;
  if (name === undefined || name === '') {
    problems.error('netconf-name-invalid', [], 'The network configuration has no name.');
  } else {
    problems.error(
      'netconf-name-invalid',
      ['name'],
      `The network name ${quote(name)} must start with a letter or digit and hold only letters, digits, "_", "." and "-".`,
    );
  }
  return '';
}

function parseMacvlan(conf: Fields, problems: NetConfProblems): NetConf['macvlan'] {
  const kind = conf['interfaceType'];
  if (kind !== undefined && kind !== '' && kind !== 'macvlan') {
    problems.error(
      'netconf-interface-unsupported',
      ['interfaceType'],
      `interfaceType ${quote(kind)} is not supported; an egress router uses "macvlan".`,
    );
  }
  const args = conf['interfaceArgs'] ?? {};
  if (!isFields(args)) {
    problems.error('netconf-value-invalid', ['interfaceArgs'], 'interfaceArgs must be an object.');
    return { mode: 'Bridge' };
  }
  const master = parseMaster(args['master'], problems);
  const mtu = parseMtu(args['mtu'], problems);
  return {
    mode: parseMode(args['mode'], problems),
    ...(master === undefined ? {} : { master }),
    ...(mtu === undefined ? {} : { mtu }),
  };
}

function parseMode(mode: unknown, problems: NetConfProblems): MacvlanMode {
  if (mode === undefined || mode === '') return 'Bridge';
  const known =
    typeof mode === 'string'
      ? macvlanModes.find((candidate) => candidate.toLowerCase() === mode.toLowerCase())
      : undefined;
  if (known !== undefined) return known;
  const modes = macvlanModes.map((candidate) => candidate.toLowerCase()).join(', ');
  problems.error(
    'netconf-mode-invalid',
    ['interfaceArgs', 'mode'],
    `macvlan mode ${quote(mode)} does not exist; the modes are ${modes}.`,
  );
  return 'Bridge';
}

function parseMaster(master: unknown, problems: NetConfProblems): IfName | undefined {
  if (master === undefined || master === '') return undefined;
  const parsed = parseIfName(master);
  if (parsed === undefined) {
    problems.error(
      'netconf-master-invalid',
      ['interfaceArgs', 'master'],
      `macvlan master ${quote(master)} cannot be the name of a network interface.`,
    );
  }
  return parsed;
}

function parseMtu(mtu: unknown, problems: NetConfProblems): number | undefined {
  if (mtu === undefined || mtu === '') return undefined;
  const number = typeof mtu === 'string' && /^[1-9][0-9]{0,4}$/.test(mtu) ? Number(mtu) : mtu;
  // RFC 791: every link carries 68 bytes.
  if (typeof number === 'number' && Number.isInteger(number) && number >= 68 && number <= 65535)
    return number;
  problems.error(
    'netconf-mtu-invalid',
    ['interfaceArgs', 'mtu'],
    `mtu ${quote(mtu)} is not a whole number from 68 to 65535.`,
  );
  return undefined;
}

function parseMacOf(conf: Fields, mode: MacvlanMode, problems: NetConfProblems): Mac | undefined {
  const mac = conf['mac'];
  if (mac === undefined || mac === '') return undefined;
  const parsed = parseMac(mac);
  if (parsed === undefined) {
    problems.error(
      'netconf-mac-invalid',
      ['mac'],
      `mac ${quote(mac)} is not the address of one interface, such as "02:42:c0:a8:0c:63".`,
    );
  } else if (mode === 'Passthru') {
    problems.error(
      'netconf-mac-invalid',
      ['mac'],
      `mac ${quote(mac)} cannot be set in mode passthru: it would become that of the node's NIC.`,
    );
  }
  return parsed;
}

/** A pod start that waits longer than this is given up by the container runtime. */
const longestDadTimeoutMs = 10_000;

function parseDad(conf: Fields, problems: NetConfProblems): NetConf['dad'] {
  const dad = conf['dad'] ?? {};
  if (!isFields(dad)) {
    problems.error('netconf-dad-invalid', ['dad'], 'dad must be an object such as {"timeoutMs": 100}.');
    return { timeoutMs: 0 };
  }
  const timeoutMs = dad['timeoutMs'] ?? defaultDadTimeoutMs;
  if (typeof timeoutMs === 'number' && Number.isInteger(timeoutMs)) {
    if (timeoutMs >= 0 && timeoutMs <= longestDadTimeoutMs) return { timeoutMs };
  }
  problems.error(
    'netconf-dad-invalid',
    ['dad', 'timeoutMs'],
    `dad.timeoutMs ${quote(timeoutMs)} is not a whole number of milliseconds from 0 to ${longestDadTimeoutMs}; 0 turns the detection off.`,
  );
  return { timeoutMs: 0 };
}

function parseIpSection(
  conf: Fields,
  problems: NetConfProblems,
): Pick<NetConf, 'addresses' | 'rules' | 'fallbacks'> {
  const ip = conf['ip'];
  if (!isFields(ip)) {
    if (ip === undefined || ip === null) {
      problems.error('netconf-no-addresses', [], 'The network configuration has no "ip" with "addresses".');
    } else {
      problems.error('netconf-value-invalid', ['ip'], '"ip" must be an object.');
    }
    return { addresses: [], rules: [], fallbacks: {} };
  }
  const addresses = parseAddresses(ip, problems);
  return { addresses, ...parseDestinations(ip, addresses, problems) };
}

/** Also of a configuration that is otherwise wrong. */
export function parseLog(
  conf: Fields,
  problems = new NetConfProblems(),
): Pick<NetConf, 'logFile' | 'logLevel'> {
  const file = conf['log_file'];
  const level = conf['log_level'];
  const logFile = parseLogFile(file);
  const logLevel = parseLogLevel(level);
  if (file !== undefined && file !== '' && logFile === undefined) {
    problems.warning(
      'netconf-log-invalid',
      ['log_file'],
      `log_file ${quote(file)} is not a file below ${logFolders.join(' or ')}: nothing is logged.`,
    );
  }
  if (level !== undefined && level !== '' && logLevel === undefined) {
    problems.warning(
      'netconf-log-invalid',
      ['log_level'],
      `log_level ${quote(level)} is none of ${logLevels.join(', ')}.`,
    );
  }
  return { ...(logFile === undefined ? {} : { logFile }), ...(logLevel === undefined ? {} : { logLevel }) };
}

/**
 * The executable writes as root on the node, and who may make a NAD need not be root there: no other file is
 * theirs to write to, least of all one of /etc or /proc.
 */
const logFolders = ['/var/log/', '/tmp/'] as const;

function parseLogFile(file: unknown): string | undefined {
  const isPath =
    typeof file === 'string' &&
    /^\/[\x20-\x7e]{0,4094}[^/]$/.test(file) &&
    logFolders.some((folder) => file.startsWith(folder)) &&
    !file.split('/').some((part) => part === '..' || part === '.');
  return isPath ? file : undefined;
}

function parseLogLevel(level: unknown): LogLevel | undefined {
  // The last three are the upstream plugin's words.
  const aliases = new Map<string, LogLevel>([
    ['warn', 'warning'],
    ['panic', 'error'],
    ['verbose', 'info'],
  ]);
  return typeof level === 'string'
    ? (logLevels.find((known) => known === level) ?? aliases.get(level))
    : undefined;
}
