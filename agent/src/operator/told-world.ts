import { type Transition, toTransitions } from '#core/egress-router/transitions.ts';
import { egressRouterApiVersion, egressRouterKind } from '#core/egress-router/wire.ts';
import type { Subject } from './event-recorder.ts';
import { conditionsOf } from './stored-conditions.ts';
import type { World } from './world.ts';

/** Tells of what is written to `world`, once it is, in the words of Events. */
export function toldWorld(world: World, tell: (subject: Subject, transition: Transition) => void): World {
  return {
    ...world,
    apply: async (object, signal) => {
      await world.apply(object, signal);
      const { namespace, name, ownerReferences } = object.metadata;
      const owner = ownerReferences?.find(({ kind }) => kind === egressRouterKind);
      if (object.kind !== 'Deployment' || owner === undefined || namespace === undefined) return;
      const { apiVersion, kind, uid } = owner;
      const message = `Applied Deployment ${namespace}/${name}.`;
      tell(
        { apiVersion, kind, namespace, name: owner.name, uid },
        { type: 'Normal', reason: 'Deployed', message },
      );
    },
    writeConditions: async (router, conditions, signal) => {
      await world.writeConditions(router, conditions, signal);
      const { namespace = '', name, uid = '' } = router.metadata;
      const subject = { apiVersion: egressRouterApiVersion, kind: egressRouterKind, namespace, name, uid };
      for (const transition of toTransitions(conditionsOf(router), conditions)) tell(subject, transition);
    },
  };
}
