import type { Manifest } from '#core/egress-router/candidates/candidate.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { ipOf, prefixLengthOf } from '#core/net/cidr.ts';
import { readSource } from './checks/check-addresses.ts';
import { readDestination } from './destination.ts';
import type { LegacyContainer, LegacyReading } from './parse.ts';
import type { Setting } from './setting.ts';

/** What a router of OpenShift SDN is set up with, as text. Absent is what is not written, or not here. */
export interface LegacySettings {
  readonly name?: string;
  readonly namespace?: string;
  readonly source?: string;
  readonly gateway?: string;
  readonly destination?: string;
}

/** As far as the manifest of the pod tells. */
export function settingsIn(
  { name, namespace, router }: LegacyReading,
  container: LegacyContainer | undefined = router,
): LegacySettings {
  return {
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    ...written('source', container?.source),
    ...written('gateway', container?.gateway),
    ...written('destination', container?.destination),
  };
}

/**
 * The EgressRouter that would do the same, so that both are explained, and completed, by one text. It is not the one
 * that a migration makes: a source without a prefix length is taken to be in a network of 256 addresses.
 */
export function toRouterManifest({ name, namespace, ...settings }: LegacySettings): Manifest {
  const lines = readDestination(settings.destination ?? '');
  const source = readSource(settings.source?.trim() ?? '');
  const gateway = settings.gateway?.trim() ?? '';
  const ip = source === undefined || prefixLengthOf(source) < 32 ? source : `${ipOf(source)}/24`;
  const fallback = lines.find(({ kind }) => kind === 'fallback');
  const value = {
    metadata: { name, namespace },
    spec: {
      addresses: ip === undefined ? [] : [{ ip, ...(gateway === '' ? {} : { gateway }) }],
      redirect: {
        redirectRules: lines.flatMap((line) =>
          line.kind === 'rule'
            ? // A port is taken for both protocols.
              [
                {
                  port: line.rule.port,
                  destinationIP: line.rule.destination,
                  targetPort: line.rule.targetPort,
                },
              ]
            : [],
        ),
        ...(fallback?.kind === 'fallback' ? { fallbackIP: fallback.destination } : {}),
      },
    },
  };
  return { value, reading: parseRouter(value).reading };
}

function written(role: keyof LegacySettings, setting: Setting | undefined): LegacySettings {
  return setting?.kind === 'text' ? { [role]: setting.text } : {};
}
