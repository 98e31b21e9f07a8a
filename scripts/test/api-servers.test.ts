import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { apiServersText } from '../api-servers.ts';

async function check(programs: Readonly<Record<string, string>>, expected: RegExp): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ert-assets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(folder, name), 0o755);
  }
  expect(await apiServersText({ KUBEBUILDER_ASSETS: folder })).toMatch(expected);
}

test('the version of the real one is told', () =>
  check(
    { etcd: 'exit 1', 'kube-apiserver': '[ "$1" = --version ] && echo Kubernetes v1.34.1' },
    /^against the sandbox's API and Kubernetes v1\.34\.1$/,
  ));

test('that there is none is told', () => check({ etcd: 'exit 1' }, /^against the sandbox's API alone: /));

test('one that does not tell its version is named', () =>
  check({ etcd: 'exit 1', 'kube-apiserver': 'exit 3' }, /kube-apiserver, which does not tell its version: /));
