import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LocalPod } from '#sandbox/node/local-pod.ts';
import type { ConfigMap, Pod } from '#sandbox/objects.ts';

const signal = new AbortController().signal;

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'demo', uid: 'u' },
  spec: { containers: [], volumes: [{ name: 'config', configMap: { name: 'rules' } }] },
};

function configMap(resourceVersion: string, rules: string): ConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'rules', namespace: 'demo', resourceVersion },
    data: { rules },
  };
}

test('a pod that runs keeps the files of its volumes until they are renewed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ert-pod-'));
  try {
    let stored = configMap('1', 'first');
    const local = new LocalPod({
      pod,
      folder,
      hostIp: '192.0.2.1',
      runtime: {
        name: 'test',
        createSandbox: async () => ({
          id: 'test',
          ips: [],
          networkStatus: [],
          start: () => Promise.reject(new Error('it has no containers')),
          probe: () => Promise.reject(new Error('it has no containers')),
          destroy: async () => undefined,
        }),
      },
      findConfigMap: () => stored,
      findNad: async () => undefined,
      listServices: () => [],
      onChange: () => undefined,
      onEvent: () => undefined,
    });
    const read = () => readFile(join(folder, 'u', 'config', 'rules'), 'utf8');
    await local.sync(pod, signal);
    expect(await read()).toBe('first');
    stored = configMap('2', 'second');
    await local.sync(pod, signal);
    expect(await read()).toBe('first');
    local.renewVolumes();
    await local.sync(pod, signal);
    expect(await read()).toBe('second');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
