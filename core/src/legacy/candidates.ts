import { nics } from '#core/egress-router/candidates/address-candidates.ts';
import {
  type Candidate,
  candidateText,
  type Manifest,
  plain,
  type Surroundings,
} from '#core/egress-router/candidates/candidate.ts';
import { candidatesFor } from '#core/egress-router/candidates/candidates.ts';
import { type LegacySettings, toRouterManifest } from './as-router.ts';
import { readDestination } from './destination.ts';
import type { LegacyContainer } from './parse.ts';

const addressPath = ['spec', 'addresses', 0];
const rulesPath = ['spec', 'redirect', 'redirectRules'];

/** Reserved addresses, or next hops on the network of the one that is written. IPv4, as OpenShift SDN knows no other. */
export function addressCandidates(
  role: 'source' | 'gateway',
  settings: LegacySettings,
  surroundings: Surroundings,
): readonly Candidate[] {
  const path = [...addressPath, role === 'source' ? 'ip' : 'gateway'];
  return ofIp4(candidatesFor(path, toRouterManifest(settings), surroundings));
}

/** Modes in which a container does what its kind has to: an init container ends, another one stays. */
export function modeCandidates({ isInit }: Pick<LegacyContainer, 'isInit'>): readonly Candidate[] {
  const fitting = isInit ? (['init', 'http-proxy', 'dns-proxy'] as const) : (['legacy'] as const);
  return fitting.map((mode) => plain(mode, modeNotes[mode]));
}

export const modeNotes = {
  init: 'Sets up the interface and the redirects, and ends.',
  legacy: 'Sets up the interface and the redirects, and stays. The default.',
  'http-proxy': 'Sets up the interface for the HTTP proxy in another container, and ends.',
  'dns-proxy': 'Sets up the interface for the DNS proxy in another container, and ends.',
} as const;

/** What the annotation for a macvlan interface may say. */
export function macvlanCandidates(
  settings: LegacySettings,
  surroundings: Surroundings,
): readonly Candidate[] {
  return [
    plain('true', "A macvlan interface on the NIC of the node's default route."),
    ...nics(toRouterManifest(settings), surroundings),
  ];
}

/** The line of destinations that is written, and the others. */
export interface LineAround {
  /** The line up to the cursor. */
  readonly before: string;
  /** The rest of it. */
  readonly after: string;
  /** All lines before it, and behind it. */
  readonly above: string;
  readonly below: string;
}

/**
 * What can stand in the place of the word under the cursor: a whole line or a port that none has yet, then the
 * protocol, the server, its port. Below a fallback there is no line, and a fallback is the last one.
 */
export function lineCandidates(
  { before, after, above, below }: LineAround,
  settings: LegacySettings,
  surroundings: Surroundings,
): readonly Candidate[] {
  const isFallback = ({ kind }: { readonly kind: string }): boolean => kind === 'fallback';
  if (before.includes('#') || readDestination(above).some(isFallback)) return [];
  const manifest = toRouterManifest({ ...settings, destination: `${above}\n${below}` });
  const rest = after.replace(/^[^ \t]*/, '').trim();
  const words = before.trimStart().split(/[ \t]+/);
  switch (words.length) {
    case 1: {
      const ports = candidatesIn('port', manifest, surroundings);
      if (rest !== '') return ports;
      const isLast = readDestination(below).every(({ kind }) => kind === 'comment');
      return [wholeLine(ports), ...ports, ...(isLast ? fallbacks(manifest, surroundings) : [])];
    }
    case 2:
      return [plain('tcp', 'Connections.'), plain('udp', 'Datagrams.')];
    case 3:
      return servers(manifest, surroundings);
    case 4:
      // Its own port is that of the server where none is written.
      return candidatesIn('targetPort', manifest, surroundings).filter(
        (one) => candidateText(one) !== words[0],
      );
    default:
      return [];
  }
}

function wholeLine([port]: readonly Candidate[]): Candidate {
  return {
    parts: [
      { placeholder: port === undefined ? '8080' : candidateText(port) },
      ' ',
      { placeholder: 'tcp' },
      ' ',
      { placeholder: '203.0.113.25' },
      ' ',
      { placeholder: '80' },
    ],
    note: 'A rule: the port of the router, the protocol, the server and its port.',
  };
}

function fallbacks(manifest: Manifest, surroundings: Surroundings): readonly Candidate[] {
  return servers(manifest, surroundings).map(({ parts }) => ({
    parts,
    note: 'The fallback: where connections to all other ports go. It is the last line.',
  }));
}

function servers(manifest: Manifest, surroundings: Surroundings): readonly Candidate[] {
  return ofIp4(candidatesIn('destinationIP', manifest, surroundings));
}

function candidatesIn(field: string, manifest: Manifest, surroundings: Surroundings): readonly Candidate[] {
  return candidatesFor([...rulesPath, field], manifest, surroundings);
}

function ofIp4(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter((one) => !candidateText(one).includes(':'));
}
