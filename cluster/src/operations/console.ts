import { textAt } from '#core/json-value.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { kinds } from '../kinds.ts';
import { findObject } from '../objects.ts';

/** Where the cluster says its web console is, as OKD tells everyone who has logged in. */
export async function readConsoleUrl(
  connection: Connection,
  signal: AbortSignal,
): Promise<string | undefined> {
  const at = { namespace: 'openshift-config-managed', name: 'console-public' };
  try {
    const url = textAt(await findObject(connection, kinds.configMap, at, signal), 'data', 'consoleURL');
    // It is opened in a browser: nothing but the web is meant.
    return url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
      ? url
      : undefined;
  } catch (error) {
    if (ClusterError.is(error, 'forbidden', 'crd-missing')) return undefined;
    throw error;
  }
}
