import type { AddressFact, Facts } from '#core/relations/facts.ts';
import type { RelationIndex } from '#core/relations/relation-index.ts';
import { mayPatchAddresses } from './address-patches.ts';
import { isKustomization } from './kustomization.ts';
import type { Kustomizations } from './kustomizations.ts';
import { patchFacts } from './patch-facts.ts';
import { knownIn, type SliceContent } from './slice-content.ts';
import { mayHoldTemplates } from './text/templates.ts';

type KnownFacts = Parameters<RelationIndex['set']>[1];

/**
 * What others go by of the objects of a document, as the kustomizations around it make them. Of a part of an object
 * nothing is known that others could go by, but for the addresses in it.
 */
export function factsBeside(kustomizations: Kustomizations, uri: string, content: SliceContent): KnownFacts {
  if (isKustomization(uri) || kustomizations.isPatch(uri)) {
    const { text } = content.source;
    if (!mayPatchAddresses(text) || mayHoldTemplates(text)) return [];
    const found = patchFacts(kustomizations, uri, content.source.parsed().value);
    return found.map((facts) => ({ root: [], facts }));
  }
  const namespace = kustomizations.namespaceOf(uri);
  const written = factsOf(content);
  const found = kustomizations.mayReplaceAddresses
    ? written.map(({ root, facts }) => ({ root, facts: withoutReplaced(kustomizations, uri, facts) }))
    : written;
  return namespace === undefined
    ? found
    : found.map(({ root, facts }) => ({ root, facts: { ...facts, namespace } }));
}

/** What a template or a parameter fills in is not known. */
function factsOf(content: SliceContent): KnownFacts {
  const { source, reconciler } = content;
  if (mayHoldTemplates(source.text)) return [];
  return knownIn(content).flatMap(({ root, hasParameters, facts }) => {
    if (hasParameters === true) return [];
    const isForAgent = facts.kind === 'router' && reconciler === 'agent';
    return [{ root, facts: isForAgent ? { ...facts, isForAgent } : facts }];
  });
}

/** What a patch writes over an address is not looked at: then nothing is known of it. */
function withoutReplaced(kustomizations: Kustomizations, uri: string, facts: Facts): Facts {
  const { name } = facts;
  if (facts.kind !== 'router' || name === undefined) return facts;
  const indexOf = ({ path }: AddressFact): number => Number(path.at(-1));
  const count = Math.max(...facts.addresses.map(indexOf)) + 1;
  const addresses = facts.addresses.filter((entry) => {
    const index = indexOf(entry);
    return !kustomizations.replacesAddress(uri, name, [index, index - count]);
  });
  return addresses.length === facts.addresses.length
    ? facts
    : { ...facts, addresses, hasOtherAddresses: true };
}
