import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { findRealApi } from '#sandbox/real-api.ts';

/** Which API servers the ring `cluster` has here, with the version of the real one. */
export async function apiServersText(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const folder = await findRealApi(env);
  if (folder === undefined) {
    return "against the sandbox's API alone: neither KUBEBUILDER_ASSETS nor /usr/local/kubebuilder/bin holds etcd and kube-apiserver";
  }
  const program = path.join(folder, 'kube-apiserver');
  const version = await promisify(execFile)(program, ['--version'], { timeout: 20_000 }).then(
    ({ stdout }) => stdout.trim(),
    (error: unknown) => `${program}, which does not tell its version: ${String(error)}`,
  );
  return `against the sandbox's API and ${version}`;
}
