import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe } from 'vitest';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { type ApiClient, openClient } from './api-client.ts';
import { availableTargets, startTarget, type Target } from './target.ts';

/** What the tests of one file share: a server, its administrator, and a namespace of their own. */
export interface ApiWorld {
  readonly client: ApiClient;
  readonly namespace: string;
  readonly target: Target;
  /** Core and other objects of the namespace: `/api/v1/namespaces/NS/pods`. */
  readonly path: (plural: string, groupVersion?: string) => string;
}

/** Runs the tests once against each API server that this machine has. */
export function onEachTarget(tests: (world: () => ApiWorld) => void): void {
  describe.each(availableTargets())('%s', (kind) => {
    let target: Target;
    let world: ApiWorld;
    beforeAll(async () => {
      target = await startTarget(kind);
      world = await openWorld(target);
    });
    afterAll(() => target.close());
    tests(() => world);
  });
}

async function openWorld(target: Target): Promise<ApiWorld> {
  const client = openClient(target.kubeconfig);
  const namespace = await makeNamespace(client);
  return {
    client,
    namespace,
    target,
    path: (plural, groupVersion = 'v1') => {
      const root = groupVersion.includes('/') ? 'apis' : 'api';
      return `/${root}/${groupVersion}/namespaces/${namespace}/${plural}`;
    },
  };
}

/** With the service account that every pod needs, which a kube-apiserver alone does not make. */
export async function makeNamespace(client: ApiClient): Promise<string> {
  const name = `api-${randomBytes(4).toString('hex')}`;
  await client.must('POST /api/v1/namespaces', { body: { metadata: { name } } });
  const made = await client.send(`POST /api/v1/namespaces/${name}/serviceaccounts`, {
    body: { metadata: { name: 'default' } },
  });
  if (made.code !== 201 && made.code !== 409) throw new Error(made.text);
  return name;
}

/** A CRD with a bit of everything: defaults, bounds, a map list, a set, status and scale. */
export function gadgetCrd(group: string): JsonObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `gadgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'gadgets', kind: 'Gadget', shortNames: ['gd'] },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: {
            status: {},
            scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
          },
          additionalPrinterColumns: [
            { name: 'Mode', type: 'string', jsonPath: '.spec.mode' },
            {
              name: 'Ready',
              type: 'string',
              jsonPath: '.status.conditions[?(@.type=="Ready")].status',
            },
          ],
          schema: { openAPIV3Schema: gadgetSchema },
        },
      ],
    },
  };
}

const gadgetSchema = {
  type: 'object',
  required: ['spec'],
  properties: {
    spec: {
      type: 'object',
      required: ['mode'],
      properties: {
        mode: { type: 'string', enum: ['Fast', 'Slow'] },
        replicas: { type: 'integer', minimum: 0, maximum: 5, default: 1 },
        label: { type: 'string', pattern: '^[a-z]+$', maxLength: 8 },
        address: { type: 'string', format: 'ipv4' },
        tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        ports: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['number', 'protocol'],
          items: {
            type: 'object',
            required: ['number', 'protocol'],
            properties: {
              number: { type: 'integer' },
              protocol: { type: 'string', default: 'TCP' },
              name: { type: 'string' },
            },
          },
        },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        nested: {
          type: 'object',
          default: { inner: {} },
          properties: {
            inner: { type: 'object', properties: { size: { type: 'string', default: 'M' } } },
          },
        },
      },
    },
    status: {
      type: 'object',
      properties: {
        replicas: { type: 'integer' },
        conditions: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['type'],
          items: {
            type: 'object',
            required: ['type', 'status'],
            properties: { type: { type: 'string' }, status: { type: 'string' }, reason: { type: 'string' } },
          },
        },
      },
    },
  },
};

/** Makes the CRD and waits until its kind is served. */
export async function installGadgets(client: ApiClient, group: string): Promise<void> {
  await client.must('POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    body: gadgetCrd(group),
  });
  await until(async () => {
    const crd = await client.must(
      `GET /apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.${group}`,
    );
    const served = await client.send(`GET /apis/${group}/v1/gadgets`);
    return JSON.stringify(crd['status']).includes('"Established"') && served.code === 200;
  });
}

/** Asks again until it is so. */
export async function until(isSo: () => Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`It was not so within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
