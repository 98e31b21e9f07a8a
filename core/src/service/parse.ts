import { checkObjectMetadata } from '#core/egress-router/parse.ts';
import { appLabel, routerLabel } from '#core/manifest/names.ts';
import { parsePort, parsePortText } from '#core/net/port.ts';
import { parseProtocol } from '#core/net/protocol.ts';
import type { ServiceFacts, ServicePortFact } from '#core/relations/facts.ts';
import { readObjectName } from '#core/relations/object-name.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { checkServiceSpec } from './check-spec.ts';

/** Reads of a Service what may have to do with a router. @returns undefined for a value that is no Service */
export function readService(value: unknown): ServiceFacts | undefined {
  if (!isJsonObject(value) || value['kind'] !== 'Service' || value['apiVersion'] !== 'v1') return undefined;
  const spec = isJsonObject(value['spec']) ? value['spec'] : {};
  const { type, clusterIP, ports: list } = spec;
  const selector = readSelector(spec['selector']);
  const written: readonly unknown[] = Array.isArray(list) ? list : [];
  const ports = written.map((entry, index) => readPort(entry, index));
  const faults = maySelectRouter(selector) ? [...checkObjectMetadata(value), ...checkServiceSpec(value)] : [];
  return {
    kind: 'service',
    ...readObjectName(value),
    ...(typeof type === 'string' ? { type } : {}),
    isHeadless: clusterIP === 'None',
    ...(selector === undefined ? {} : { selector }),
    ports: ports.filter((port) => port !== undefined),
    isWhole: !ports.includes(undefined) && (list === undefined || Array.isArray(list)),
    ...(faults.length === 0 ? {} : { faults }),
  };
}

/** Of the others nobody asks. */
function maySelectRouter(selector: ServiceFacts['selector']): boolean {
  for (const key in selector) if (key !== appLabel && key !== routerLabel) return false;
  return selector !== undefined;
}

function readSelector(value: unknown): ServiceFacts['selector'] {
  if (!isJsonObject(value)) return undefined;
  const pairs = Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  // A selector that is only half read would seem to select more than it does.
  return pairs.length > 0 && pairs.length === Object.keys(value).length
    ? Object.fromEntries(pairs)
    : undefined;
}

function readPort(entry: unknown, index: number): ServicePortFact | undefined {
  if (!isJsonObject(entry)) return undefined;
  const port = parsePort(entry['port']);
  // What is empty is left out to the API server.
  const protocol = (entry['protocol'] ?? undefined) === undefined ? 'TCP' : parseProtocol(entry['protocol']);
  const written = entry['targetPort'] ?? undefined;
  const targetPort = typeof written === 'string' ? (parsePortText(written) ?? written) : parsePort(written);
  if (port === undefined || protocol === undefined) return undefined;
  if (written !== undefined && targetPort === undefined) return undefined;
  return {
    port,
    protocol,
    isProtocolWritten: entry['protocol'] !== undefined,
    ...(targetPort === undefined ? {} : { targetPort }),
    ...(typeof written === 'string' && typeof targetPort === 'number' ? { isTargetText: true } : {}),
    path: ['spec', 'ports', index],
  };
}
