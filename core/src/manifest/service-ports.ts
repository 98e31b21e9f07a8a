import type { EgressRouter } from '#core/egress-router/model.ts';
import { type Port, parsePort } from '#core/net/port.ts';
import { type Protocol, parseProtocol } from '#core/net/protocol.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { toServicePorts } from './service.ts';

export interface ExtraPort {
  readonly port: Port;
  readonly protocol: Protocol;
}

/**
 * The ports of a Service that is to lead to a router. What there is stays where a rule leads on from it, or a fallback
 * does, so that a port that somebody chose for clients outlives a change of the rules; each other rule gets one.
 *
 * @param present of the Service as it is, as the API server tells them
 */
export function portsInStep(
  { rules, fallback }: Pick<EgressRouter, 'rules' | 'fallback'>,
  present: readonly unknown[],
  extra: readonly ExtraPort[] = [],
): readonly JsonObject[] {
  const kept = present.filter(isJsonObject).filter((entry) => {
    const target = targetOf(entry);
    return target !== undefined && (fallback !== undefined || rules.some((rule) => isSame(rule, target)));
  });
  const targets = kept.flatMap((entry) => targetOf(entry) ?? []);
  const fresh = toServicePorts([
    ...rules.filter((rule) => !targets.some((target) => isSame(rule, target))),
    ...extra,
  ]);
  const isFree = ({ port, protocol }: ExtraPort): boolean =>
    !kept.some((entry) => entry['port'] === port && protocolOf(entry) === protocol);
  return [...kept.map(written), ...fresh.filter(isFree)];
}

/** Where the router gets it: the number it has there. A name of a container's port is nothing that a router has. */
function targetOf(entry: JsonObject): ExtraPort | undefined {
  const port = parsePort(entry['targetPort'] ?? entry['port']);
  const protocol = protocolOf(entry);
  return port === undefined || protocol === undefined ? undefined : { port, protocol };
}

function protocolOf(entry: JsonObject): Protocol | undefined {
  return entry['protocol'] === undefined ? 'TCP' : parseProtocol(entry['protocol']);
}

function isSame(one: ExtraPort, other: ExtraPort): boolean {
  return one.port === other.port && one.protocol === other.protocol;
}

/** A node port that the cluster gave out is the cluster's: applying it would make it ours. */
function written(entry: JsonObject): JsonObject {
  const { nodePort: _, ...rest } = entry;
  return rest;
}
