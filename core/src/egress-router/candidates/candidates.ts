import type { Path } from '#core/problem.ts';
import { optionCandidates } from '../option-docs.ts';
import { egressRouterApiVersion, egressRouterKind, type MacvlanMode } from '../wire.ts';
import { addresses, gateways, nics } from './address-candidates.ts';
import { type Candidate, type Manifest, plain, type Surroundings } from './candidate.ts';
import { names, namespaces } from './name-candidates.ts';
import { destinations, ports, protocols, targetPorts } from './rule-candidates.ts';

/** Values for the field at a path, best first, from what the rest of the manifest and other objects say. */
export function candidatesFor(
  path: Path,
  manifest: Manifest,
  surroundings: Surroundings,
): readonly Candidate[] {
  const index = path.find((step) => typeof step === 'number');
  switch (path.filter((step) => typeof step === 'string').join('.')) {
    case 'apiVersion':
      return [plain(egressRouterApiVersion, 'The only version there is.')];
    case 'kind':
      return [plain(egressRouterKind, 'A router with a reserved address on the node network.')];
    case 'metadata.name':
      return names(manifest, surroundings);
    case 'metadata.namespace':
      return namespaces(surroundings);
    case 'spec.mode':
      return [
        plain('Redirect', 'Clients connect to the router, which redirects them. The only mode there is.'),
      ];
    case 'spec.networkInterface.macvlan.mode':
      return Object.entries(macvlanNotes).map(([mode, note]) => plain(mode, note));
    case 'spec.networkInterface.macvlan.master':
      return nics(manifest, surroundings);
    case 'spec.addresses.ip':
      return addresses(manifest, surroundings, index);
    case 'spec.addresses.gateway':
      return gateways(manifest, surroundings, index);
    case 'spec.redirect.redirectRules.port':
      return ports(manifest, index);
    case 'spec.redirect.redirectRules.targetPort':
      return targetPorts(manifest, index);
    case 'spec.redirect.redirectRules.protocol':
      return protocols(manifest, index);
    case 'spec.redirect.redirectRules.destinationIP':
    case 'spec.redirect.fallbackIP':
      return destinations(manifest, surroundings);
    default:
      return optionCandidates(path);
  }
}

const macvlanNotes = {
  Bridge: 'Routers on the same NIC reach each other directly. The default.',
  Private: 'Routers on the same NIC never reach each other.',
  VEPA: 'Routers on the same NIC reach each other through an outside switch that sends frames back (802.1Qbg).',
  Passthru: 'The NIC belongs to this router alone.',
} as const satisfies Record<MacvlanMode, string>;
