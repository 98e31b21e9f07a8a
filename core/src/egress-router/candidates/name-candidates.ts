import { appLabel, appLabelValue } from '#core/manifest/names.ts';
import { type Candidate, type Manifest, plain, type Surroundings } from './candidate.ts';

/** Names under which clients look for a router already, while there is none of that name. */
export function names({ reading }: Manifest, { facts }: Surroundings): readonly Candidate[] {
  const isHere = (namespace: string | undefined): boolean =>
    namespace === undefined || reading.namespace === undefined || namespace === reading.namespace;
  const taken = new Set(
    facts.flatMap(({ kind, name, namespace }) => (kind === 'router' && isHere(namespace) ? [name] : [])),
  );
  const notes = new Map<string, string>();
  for (const fact of facts) {
    const { name, namespace } = fact;
    if (name === undefined || !isHere(namespace) || taken.has(name) || notes.has(name)) continue;
    if (fact.kind === 'service' && fact.selector?.[appLabel] === appLabelValue)
      notes.set(name, 'A Service of this name selects the router; Expose keeps the two names the same.');
    if (fact.kind === 'legacy')
      notes.set(name, 'A router of OpenShift SDN has this name: clients may know it by that.');
  }
  return [...notes].map(([name, note]) => plain(name, note));
}

/** Those of other objects of the workspace, then those of the cluster's routers. */
export function namespaces({ facts, cluster }: Surroundings): readonly Candidate[] {
  const notes = new Map<string, string>();
  for (const { namespace } of facts) {
    if (namespace !== undefined) notes.set(namespace, 'The namespace of other objects of this workspace.');
  }
  for (const { namespace } of cluster?.routers ?? []) {
    if (!notes.has(namespace)) notes.set(namespace, `The namespace of a router in ${cluster?.context}.`);
  }
  return [...notes].map(([namespace, note]) => plain(namespace, note));
}
