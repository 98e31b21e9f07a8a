import { isDeepStrictEqual } from 'node:util';
import { kinds } from '#cluster/kinds.ts';
import { kindOf } from '../client.ts';
import { type EndpointSlice, keyOf, locationOf, type Pod, type Service, type Stored } from '../objects.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { isOwnSlice, selects, serviceNameOf, toEndpointSlices, toEndpoints } from './endpoints.ts';

/** Service -> EndpointSlices and Endpoints. */
export function serviceController({ client, mirrors }: ControllerContext): Controller {
  return {
    name: 'endpointslice',
    listen: (enqueue) => {
      mirrors.services.onChange(({ object }) => enqueue(keyOf(object)));
      mirrors.endpointSlices.onChange(({ object }) => {
        const service = serviceNameOf(object);
        if (service !== undefined) enqueue(`${object.metadata.namespace}/${service}`);
      });
      mirrors.pods.onChange((change) => {
        const pods = [change.object, ...(change.kind === 'put' && change.before ? [change.before] : [])];
        for (const service of mirrors.services.list(change.object.metadata.namespace)) {
          if (pods.some((pod) => selects(service, pod))) enqueue(keyOf(service));
        }
      });
    },
    reconcile: async (key, signal) => {
      const service = mirrors.services.get(key);
      // Gone, or without a selector: what others made is theirs, what we made has an owner reference.
      if (service === undefined || service.metadata.deletionTimestamp !== undefined) return undefined;
      if (service.spec.selector === undefined || service.spec.type === 'ExternalName') return undefined;
      const pods = podsOf(service, mirrors.pods.list(service.metadata.namespace));
      const live = await client.list(kindOf.endpointSlice, service.metadata.namespace, signal);
      const own = live.filter((slice) => isOwnSlice(slice, service.metadata.name));
      const wanted = toEndpointSlices(service, pods);
      for (const slice of wanted) {
        const before = own.find(({ metadata }) => metadata.name === slice.metadata.name);
        if (before === undefined) await client.create(kinds.endpointSlice, slice, signal);
        else if (!isSameSlice(before, slice)) {
          await client.patch(
            kinds.endpointSlice,
            locationOf(keyOf(slice)),
            { endpoints: slice.endpoints },
            signal,
          );
        }
      }
      for (const slice of own) {
        if (wanted.some(({ metadata }) => metadata.name === slice.metadata.name)) continue;
        const { uid } = slice.metadata;
        await client.remove(kinds.endpointSlice, locationOf(keyOf(slice)), { uid, signal });
      }
      await writeEndpoints(service, pods, signal);
      return undefined;
    },
  };

  async function writeEndpoints(service: Service, pods: readonly Pod[], signal: AbortSignal): Promise<void> {
    const endpoints = toEndpoints(service, pods);
    const at = locationOf(keyOf(service));
    const before: Stored | undefined = await client.find(kindOf.endpoints, at, signal);
    const { resource } = kindOf.endpoints;
    if (before === undefined) await client.create(resource, endpoints, signal);
    else if (!isDeepStrictEqual(before['subsets'] ?? [], endpoints['subsets'])) {
      await client.patch(resource, at, { subsets: endpoints['subsets'] }, signal);
    }
  }
}

function podsOf(service: Service, pods: readonly Pod[]): readonly Pod[] {
  return pods
    .filter((pod) => selects(service, pod))
    .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
}

function isSameSlice(before: EndpointSlice, slice: EndpointSlice): boolean {
  return isDeepStrictEqual(before.endpoints ?? [], slice.endpoints);
}
