import type { JsonObject } from '#core/schema/json-schema.ts';
import type { Cluster } from '../cluster.ts';
import { nameOf, namespaceOf, numberAt, objectAt, textAt, timestamp } from '../json.ts';
import { currentObject, type Place } from '../write/update.ts';

/** A token of a service account, for as long as asked. */
export function requestToken(cluster: Cluster, place: Place, sent: JsonObject): JsonObject {
  const account = currentObject(cluster, place);
  const seconds = numberAt(sent, 'spec', 'expirationSeconds') ?? 3600;
  const expires = new Date(Date.now() + seconds * 1000);
  const token = cluster.signer.issue({
    namespace: namespaceOf(account) ?? '',
    name: nameOf(account),
    uid: textAt(account, 'metadata', 'uid') ?? '',
    expires,
  });
  return {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name: nameOf(account), namespace: namespaceOf(account), creationTimestamp: timestamp() },
    spec: {
      audiences: [cluster.signer.issuer],
      ...objectAt(sent, 'spec'),
      expirationSeconds: seconds,
    },
    status: { token, expirationTimestamp: timestamp(expires) },
  };
}
