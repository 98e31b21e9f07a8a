import { ClusterError } from '#cluster/errors.ts';
import type { World } from './world.ts';

/** Refuses to write as soon as another operator might be at work, also where no timer has had its turn yet. */
export function fencedWorld(world: World, isHeld: () => boolean): World {
  const guard = (): void => {
    if (isHeld()) return;
    const message = 'Nothing was written: another operator may hold the Lease by now.';
    throw new ClusterError({ reason: 'canceled', message });
  };
  return {
    ...world,
    apply: async (object, signal) => {
      guard();
      await world.apply(object, signal);
    },
    patch: async (kind, object, patch, signal) => {
      guard();
      await world.patch(kind, object, patch, signal);
    },
    delete: async (kind, object, signal) => {
      guard();
      await world.delete(kind, object, signal);
    },
    writeConditions: async (router, conditions, signal) => {
      guard();
      await world.writeConditions(router, conditions, signal);
    },
  };
}
