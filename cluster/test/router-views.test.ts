import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toKept } from '#cluster/kept-fields.ts';
import { toRouterViews } from '#cluster/router-view.ts';
import { RouterViews } from '#cluster/router-views.ts';
import { Store, type WatchedKind, watchedKinds } from '#cluster/store.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { toDeployment } from '#core/manifest/deployment.ts';
import { toNad } from '#core/manifest/nad.ts';
import { configHashAnnotation } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { documentedNames, namesOfFurther } from '#core/manifest/router-names.ts';
import { conditions, event, ofCno, pod, router, service, watchedAs } from './objects-of-a-router.ts';

const namespaces = ['a', 'b', 'c'] as const;
const parts = ['router', 'nad', 'deployment', 'pod', 'service', 'event'] as const;

interface Step {
  readonly part: (typeof parts)[number];
  readonly namespace: string;
  readonly index: number;
  readonly variant: number;
  readonly action: 'put' | 'removed' | 'listed' | 'listed there';
}

const step: fc.Arbitrary<Step> = fc.record({
  part: fc.constantFrom(...parts),
  namespace: fc.constantFrom(...namespaces),
  index: fc.integer({ min: 0, max: 1 }),
  variant: fc.integer({ min: 0, max: 5 }),
  // A list is what a watch begins with, and seldom comes again.
  action: fc.constantFrom('put', 'put', 'put', 'put', 'removed', 'listed', 'listed there'),
});

/** One of a few that a step may mean: in each namespace two routers, whose objects come and go in any order. */
function objectOf({ part, namespace, index, variant }: Step, version: number): KubernetesObject {
  const name = `egress-${index}`;
  const uid = `u-${namespace}-${index}`;
  const names = index === 0 ? documentedNames : namesOfFurther(name);
  const owner = { apiVersion: 'network.operator.openshift.io/v1', kind: 'EgressRouter', name, uid };
  const own = router({}, { namespace, name, uid });
  const { router: parsed } = parseRouter(own);
  if (parsed === undefined) throw new Error('The router of this test has faults.');
  const place = (object: KubernetesObject, more: object): KubernetesObject => ({
    ...object,
    metadata: { ...object.metadata, namespace, resourceVersion: String(version), ...more },
  });
  switch (part) {
    case 'router': {
      const elsewhere = { ...own.spec, addresses: [{ ip: `10.0.${index}.${namespace.charCodeAt(0)}/24` }] };
      const odd = { addresses: 'x', redirect: { redirectRules: [null] } };
      const outside = { ...elsewhere, addresses: [{ ...elsewhere.addresses[0], gateway: '192.168.0.1' }] };
      const refused = { spec: outside, ...conditions({ Degraded: ['True', 'InvalidSpec', 'Outside.'] }) };
      const down = conditions({ Degraded: ['True', 'NameTaken', 'In the way.'] });
      const taken = { spec: elsewhere, ...down };
      const variants = [{}, { spec: elsewhere }, { spec: odd }, taken, { spec: outside }, refused];
      return place({ ...own, ...variants[variant] }, {});
    }
    case 'nad': {
      const [ofOther] = ofCno('2026-01-01T10:00:09Z');
      const made = variant < 2 || variant > 3 ? toNad(parsed, { names, owner }) : ofOther;
      return place(made, {
        name: names.nad,
        uid: `${uid}-nad`,
        ownerReferences: variant === 3 ? [] : [owner],
      });
    }
    case 'deployment': {
      const made = toDeployment(parsed, { image: 'agent', configHash: `h${variant}`, names, owner });
      const [, ofOther] = ofCno('2026-01-01T10:00:09Z');
      return place(index === 0 && variant === 3 ? ofOther : made, {
        uid: `${uid}-deployment`,
        ownerReferences: [owner],
      });
    }
    case 'pod': {
      const states = ['pending', 'attached', 'ready', 'ready'] as const;
      const made = pod(states[variant] ?? 'ready', { configHash: variant === 3 ? 'h0' : 'h1' });
      const { annotations } = made.metadata;
      return place(made, {
        name: `${names.deployment}-5d9-x`,
        uid: `${uid}-pod`,
        labels: { app: names.app },
        annotations: { ...annotations, [configHashAnnotation]: `h${variant}` },
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${names.deployment}-5d9`, uid: 'u-rs' },
        ],
      });
    }
    case 'service': {
      const selectors = [{ app: names.app }, { app: names.app }, { app: 'egress-router' }, { app: 'shop' }];
      const made = service(selectors[variant] ?? {}, name);
      const ports = [{ name: 'p', protocol: variant === 1 ? 'UDP' : 'TCP', port: 8080 }];
      return place({ ...made, spec: { type: 'ClusterIP', selector: selectors[variant], ports } }, {});
    }
    case 'event': {
      const about = [`${uid}-pod`, uid, `${uid}-deployment`, 'u-nobody'][variant];
      const message = 'failed (add): [a/p:n]: macvlan master "ens9" does not exist';
      return place(event('FailedCreatePodSandBox', message, about), { name: `event-${index}` });
    }
  }
}

/** What an API server would have after these steps, and a store that was told of each of them. */
class World {
  readonly store = new Store();
  readonly views = new RouterViews(this.store);
  readonly #objects = new Map<string, { readonly of: WatchedKind; readonly object: KubernetesObject }>();

  take(one: Step, version: number): void {
    const object = objectOf(one, version);
    const of = watchedAs(object);
    const key = `${of} ${object.metadata.namespace}/${object.metadata.name}`;
    const dirty = new Set<string>();
    const note = (changed: ReadonlySet<string>): void => changed.forEach((name) => dirty.add(name));
    const within = one.action === 'listed there' ? one.namespace : undefined;
    switch (one.action) {
      case 'put': {
        this.#objects.set(key, { of, object });
        const kept = toKept(of, object);
        note(
          this.store.apply(
            of,
            kept === undefined ? { kind: 'removed', object } : { kind: 'put', object: kept },
          ),
        );
        break;
      }
      case 'removed':
        this.#objects.delete(key);
        note(this.store.apply(of, { kind: 'removed', object }));
        break;
      case 'listed':
      case 'listed there': {
        // One that was missed while the connection was away.
        this.#objects.delete(key);
        const objects = this.#listed(of, within);
        note(this.store.apply(of, { kind: 'listed', objects }, within));
      }
    }
    for (const name of dirty) this.views.update(name, true);
  }

  anew(): Store {
    const store = new Store();
    for (const of of watchedKinds) store.apply(of, { kind: 'listed', objects: this.#listed(of, undefined) });
    return store;
  }

  #listed(of: WatchedKind, within: string | undefined): readonly KubernetesObject[] {
    return [...this.#objects.values()].flatMap((one) =>
      one.of === of && (within === undefined || one.object.metadata.namespace === within)
        ? (toKept(of, one.object) ?? [])
        : [],
    );
  }
}

test('whatever happens in between, the views are those of a list anew', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const world = new World();
      for (const [index, one] of steps.entries()) world.take(one, index + 1);
      expect(world.views.all).toEqual(toRouterViews(world.anew()));
    }),
    { numRuns: 200 },
  );
});

test('what is kept of objects looks as the whole objects do', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const kept = new Store();
      const whole = new Store();
      for (const [index, one] of steps.entries()) {
        const object = objectOf(one, index + 1);
        const of = watchedAs(object);
        whole.apply(of, { kind: 'put', object });
        const left = toKept(of, object);
        kept.apply(of, left === undefined ? { kind: 'removed', object } : { kind: 'put', object: left });
      }
      expect(toRouterViews(kept)).toEqual(toRouterViews(whole));
    }),
    { numRuns: 100 },
  );
});

test('a router that looks as before is the same object, and so is the list of them', () => {
  const world = new World();
  const put = (part: Step['part'], index: number, variant: number, version: number): void =>
    world.take({ part, namespace: 'a', index, variant, action: 'put' }, version);
  put('router', 0, 1, 1);
  put('router', 1, 1, 2);
  put('pod', 0, 2, 3);
  const before = world.views.all;
  put('pod', 1, 2, 4);
  expect(world.views.all).toBe(before);
  put('event', 0, 3, 5);
  expect(world.views.all).toBe(before);
  put('service', 0, 0, 6);
  put('deployment', 0, 1, 7);
  const [first, second] = world.views.all;
  expect(first).not.toBe(before[0]);
  expect(second).toBe(before[1]);
});
