import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { numberAt, objectAt, textAt } from '../json.ts';

export interface ServiceAccountClaims {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly expires: Date;
}

export interface TokenSigner {
  /** Also the audience of tokens that name none. */
  readonly issuer: string;
  issue(claims: ServiceAccountClaims): string;
  /** @returns undefined for a token that is not ours, altered or expired. */
  read(token: string): ServiceAccountClaims | undefined;
}

/** Signs and reads the JSON web tokens of service accounts. The key lives as long as the process. */
export function createTokenSigner(issuer: string): TokenSigner {
  const pair = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const privateKey = createPrivateKey(pair.privateKey);
  const publicKey = createPublicKey(pair.publicKey);
  const encoding = { dsaEncoding: 'ieee-p1363' } as const;

  return {
    issuer,
    issue({ namespace, name, uid, expires }) {
      const now = Math.floor(Date.now() / 1000);
      const payload = {
        iss: issuer,
        aud: [issuer],
        iat: now,
        nbf: now,
        exp: Math.floor(expires.getTime() / 1000),
        sub: `system:serviceaccount:${namespace}:${name}`,
        'kubernetes.io': { namespace, serviceaccount: { name, uid } },
      };
      const text = `${encode({ alg: 'ES256', typ: 'JWT' })}.${encode(payload)}`;
      const signature = sign('sha256', Buffer.from(text), { key: privateKey, ...encoding });
      return `${text}.${signature.toString('base64url')}`;
    },
    read(token) {
      const [header, payload, signature, ...rest] = token.split('.');
      if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) {
        return undefined;
      }
      const isOurs = verify(
        'sha256',
        Buffer.from(`${header}.${payload}`),
        { key: publicKey, ...encoding },
        Buffer.from(signature, 'base64url'),
      );
      return isOurs ? readClaims(decode(payload)) : undefined;
    },
  };
}

function readClaims(payload: JsonObject): ServiceAccountClaims | undefined {
  const bound = objectAt(payload, 'kubernetes.io');
  const namespace = textAt(bound, 'namespace');
  const name = textAt(bound, 'serviceaccount', 'name');
  const uid = textAt(bound, 'serviceaccount', 'uid');
  const exp = numberAt(payload, 'exp');
  if (namespace === undefined || name === undefined || uid === undefined || exp === undefined)
    return undefined;
  const expires = new Date(exp * 1000);
  return expires.getTime() > Date.now() ? { namespace, name, uid, expires } : undefined;
}

function encode(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(text: string): JsonObject {
  const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
  return isJsonObject(value) ? value : {};
}
