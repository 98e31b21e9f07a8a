import type { Path } from '#core/problem.ts';
import { shown } from '../fields.ts';
import { type LegacyContainer, type LegacyReading, placeOf, proxyOf } from '../parse.ts';
import { type LegacyProblem, legacyProblem } from '../problems.ts';
import { checkGateway, checkSource } from './check-addresses.ts';
import { checkDestination } from './check-destination.ts';
import { checkMode } from './check-mode.ts';
import { checkAnnotation, checkImage, checkPrivileged } from './check-pod.ts';

/**
 * All that is wrong with a router of OpenShift SDN as its own manifest tells. Paths count from the object. Nothing
 * is said of values that a Template's parameters fill in.
 */
export function checkLegacyRouter(reading: LegacyReading): readonly LegacyProblem[] {
  const { router } = reading;
  const proxy = proxyOf(reading);
  return [
    toRemark(proxy !== undefined),
    ...(proxy === undefined ? [] : [proxyProblem(proxy.kind, proxy.path)]),
    ...checkAnnotation(reading),
    ...checkImage(reading),
    ...(router === undefined
      ? []
      : [
          ...checkPrivileged(reading, router),
          ...checkMode(router),
          ...checkSource(router),
          ...checkGateway(router),
          ...(proxy === undefined ? checkDestinationOf(router) : []),
        ]),
  ];
}

function toRemark(isProxy: boolean): LegacyProblem {
  const message = 'This router is one for OpenShift SDN, which is gone after OpenShift 4.16';
  return legacyProblem(
    'information',
    'legacy-router',
    ['kind'],
    isProxy ? `${message}.` : `${message}: migrate it to an EgressRouter.`,
  );
}

/** Why a proxy cannot become an EgressRouter, and what to do. */
export function whyNoRouter(kind: 'http-proxy' | 'dns-proxy'): string {
  return kind === 'http-proxy'
    ? 'An HTTP proxy takes the server from each request; an EgressRouter redirects whole connections to fixed addresses and cannot become one. Run a proxy of your own in a namespace with an EgressIP.'
    : 'A DNS proxy looks the names of its destinations up; an EgressRouter redirects to fixed addresses and cannot become one. Where the addresses do not change, write a redirect rule for each.';
}

function proxyProblem(kind: 'http-proxy' | 'dns-proxy', path: Path): LegacyProblem {
  return legacyProblem('warning', 'legacy-proxy-mode', path, whyNoRouter(kind));
}

function checkDestinationOf({ destination, path }: LegacyContainer): readonly LegacyProblem[] {
  switch (destination.kind) {
    case 'absent': {
      const message = 'The router has no EGRESS_DESTINATION and ends at once: add one with its rules.';
      return [legacyProblem('error', 'legacy-destination-missing', path, message)];
    }
    case 'text':
      return checkDestination(destination.text, destination.path);
    case 'not-text': {
      const message = `${shown(destination.value)} is no text: a variable's value has to be a string.`;
      return [legacyProblem('error', 'legacy-destination-invalid', placeOf(destination, path), message)];
    }
    case 'config-map':
    case 'elsewhere':
      return [];
  }
}
