import type { Path } from '#core/problem.ts';
import { egressRouterApiVersion, egressRouterKind, macvlanModes } from '../wire.ts';
import { nothingAround, type Surroundings } from './candidate.ts';
import { type ProposedAddress, proposedAddress } from './proposed-address.ts';

/** A value to fill in: what is written once a key has been chosen. */
export type Skeleton =
  | { readonly kind: 'text'; readonly text: string }
  /** A place to fill in, with what stands there until then. */
  | { readonly kind: 'blank'; readonly example: string | number }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'list'; readonly item: Skeleton }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [key: string, value: Skeleton])[] };

/**
 * What belongs below the field at a path, so that no required key is forgotten. Undefined for a field of which
 * the rest of the manifest tells more: its values are proposed once the key stands.
 */
export function skeletonOf(path: Path, surroundings: Surroundings = nothingAround): Skeleton | undefined {
  const key = path.filter((step) => typeof step === 'string').join('.');
  // A path that ends in an index means the entry of a list.
  const wanted = typeof path.at(-1) === 'number' ? `${key}.*` : key;
  const skeleton = skeletons[wanted];
  return typeof skeleton === 'function' ? skeleton(proposedAddress(4, surroundings)) : skeleton;
}

const address = ({ ip, gateway }: ProposedAddress): Skeleton =>
  object([
    ['ip', blank(ip)],
    ['gateway', blank(gateway)],
  ]);
const rule = object([
  ['port', blank(8080)],
  ['protocol', choice(['TCP', 'UDP', 'SCTP'])],
  ['destinationIP', blank('203.0.113.25')],
  ['targetPort', blank(80)],
]);
const rules: Skeleton = { kind: 'list', item: rule };
const addresses = (proposed: ProposedAddress): Skeleton => ({ kind: 'list', item: address(proposed) });
const redirect = object([['redirectRules', rules]]);
const macvlan = object([['mode', choice(macvlanModes)]]);

const skeletons: Readonly<Record<string, Skeleton | ((proposed: ProposedAddress) => Skeleton) | undefined>> =
  {
    apiVersion: { kind: 'text', text: egressRouterApiVersion },
    kind: { kind: 'text', text: egressRouterKind },
    metadata: object([['name', blank('my-router')]]),
    'metadata.labels': object([['team', blank('payments')]]),
    'metadata.annotations': object([['contact', blank('payments@example.com')]]),
    spec: (proposed) =>
      object([
        ['addresses', addresses(proposed)],
        ['redirect', redirect],
      ]),
    'spec.addresses': addresses,
    'spec.addresses.*': address,
    'spec.redirect': redirect,
    'spec.redirect.redirectRules': rules,
    'spec.redirect.redirectRules.*': rule,
    'spec.mode': { kind: 'text', text: 'Redirect' },
    'spec.networkInterface': object([['macvlan', macvlan]]),
    'spec.networkInterface.macvlan': macvlan,
  };

function object(fields: readonly (readonly [string, Skeleton])[]): Skeleton {
  return { kind: 'object', fields };
}

function blank(example: string | number): Skeleton {
  return { kind: 'blank', example };
}

function choice(choices: readonly string[]): Skeleton {
  return { kind: 'choice', choices };
}
