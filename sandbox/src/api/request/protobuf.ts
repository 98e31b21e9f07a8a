import type { JsonObject } from '#core/schema/json-schema.ts';

export const protobufType = 'application/vnd.kubernetes.protobuf';

/**
 * What Go's typed clients send, as kubectl does for `create namespace`, `auth can-i` and their like.
 * @returns undefined for a kind that is not in the table below, or for bytes that are no such message
 */
export function decodeProtobuf(bytes: Buffer): JsonObject | undefined {
  if (bytes.subarray(0, 4).toString('latin1') !== 'k8s\0') return undefined;
  const envelope = readMessage(bytes.subarray(4), {
    1: ['typeMeta', { kind: 'message', fields: { 1: ['apiVersion', text], 2: ['kind', text] } }],
    2: ['raw', { kind: 'raw' }],
  });
  const { typeMeta, raw } = envelope;
  const type: JsonObject = isRecord(typeMeta) ? typeMeta : {};
  const fields = kinds[String(type['kind'])];
  if (fields === undefined) return undefined;
  const body = Buffer.isBuffer(raw) ? raw : Buffer.alloc(0);
  return { ...type, ...readMessage(body, { 1: ['metadata', metadata], ...fields }) };
}

type FieldType =
  | { readonly kind: 'text' | 'bytes' | 'raw' | 'integer' | 'boolean' | 'intOrString' }
  | { readonly kind: 'message'; readonly fields: Fields }
  | { readonly kind: 'list'; readonly of: FieldType }
  | { readonly kind: 'map'; readonly of: FieldType };

/** By field number, as the API's .proto files give them. */
type Fields = Readonly<Record<number, readonly [name: string, type: FieldType]>>;

const text: FieldType = { kind: 'text' };
const texts: FieldType = { kind: 'list', of: text };
const textMap: FieldType = { kind: 'map', of: text };
const bytesMap: FieldType = { kind: 'map', of: { kind: 'bytes' } };
const flag: FieldType = { kind: 'boolean' };
const integer: FieldType = { kind: 'integer' };

function message(fields: Fields): FieldType {
  return { kind: 'message', fields };
}

const metadata = message({
  1: ['name', text],
  2: ['generateName', text],
  3: ['namespace', text],
  11: ['labels', textMap],
  12: ['annotations', textMap],
  14: ['finalizers', texts],
});

const rules: FieldType = {
  kind: 'list',
  of: message({
    1: ['verbs', texts],
    2: ['apiGroups', texts],
    3: ['resources', texts],
    4: ['resourceNames', texts],
    5: ['nonResourceURLs', texts],
  }),
};

const binding: Fields = {
  2: [
    'subjects',
    {
      kind: 'list',
      of: message({ 1: ['kind', text], 2: ['apiGroup', text], 3: ['name', text], 4: ['namespace', text] }),
    },
  ],
  3: ['roleRef', message({ 1: ['apiGroup', text], 2: ['kind', text], 3: ['name', text] })],
};

const servicePort = message({
  1: ['name', text],
  2: ['protocol', text],
  3: ['port', integer],
  4: ['targetPort', { kind: 'intOrString' }],
  5: ['nodePort', integer],
  6: ['appProtocol', text],
});

const serviceSpec = message({
  1: ['ports', { kind: 'list', of: servicePort }],
  2: ['selector', textMap],
  3: ['clusterIP', text],
  4: ['type', text],
  5: ['externalIPs', texts],
  7: ['sessionAffinity', text],
  10: ['externalName', text],
  13: ['publishNotReadyAddresses', flag],
  17: ['ipFamilyPolicy', text],
  18: ['clusterIPs', texts],
  19: ['ipFamilies', texts],
});

const kinds: Readonly<Record<string, Fields>> = {
  Namespace: {},
  ServiceAccount: {},
  SelfSubjectReview: {},
  ConfigMap: { 2: ['data', textMap], 3: ['binaryData', bytesMap], 4: ['immutable', flag] },
  Secret: { 2: ['data', bytesMap], 3: ['type', text], 4: ['stringData', textMap], 5: ['immutable', flag] },
  Service: { 2: ['spec', serviceSpec] },
  Role: { 2: ['rules', rules] },
  ClusterRole: { 2: ['rules', rules] },
  RoleBinding: binding,
  ClusterRoleBinding: binding,
  TokenRequest: {
    2: ['spec', message({ 1: ['audiences', texts], 4: ['expirationSeconds', integer] })],
  },
  SelfSubjectRulesReview: { 2: ['spec', message({ 1: ['namespace', text] })] },
  SelfSubjectAccessReview: {
    2: [
      'spec',
      message({
        1: [
          'resourceAttributes',
          message({
            1: ['namespace', text],
            2: ['verb', text],
            3: ['group', text],
            4: ['version', text],
            5: ['resource', text],
            6: ['subresource', text],
            7: ['name', text],
          }),
        ],
        2: ['nonResourceAttributes', message({ 1: ['path', text], 2: ['verb', text] })],
      }),
    ],
  },
};

/** Fields that the table does not name are passed over, and so are empty texts and zeros: Go writes those too. */
function readMessage(bytes: Buffer, fields: Fields): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; at < bytes.length; shift += 7n) {
      const byte = bytes[at] ?? 0;
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return Number(BigInt.asIntN(64, value));
  };
  while (at < bytes.length) {
    const tag = varint();
    const field = fields[tag >> 3];
    let value: number | Buffer;
    if ((tag & 7) === 0) value = varint();
    else if ((tag & 7) === 2) {
      const length = varint();
      value = bytes.subarray(at, at + length);
      at += length;
    } else return result; // Kubernetes' messages have no other wire type.
    if (field !== undefined) setField(result, field[0], field[1], value);
  }
  return result;
}

function setField(
  result: Record<string, unknown>,
  name: string,
  type: FieldType,
  value: number | Buffer,
): void {
  if (type.kind === 'list') {
    const list = result[name];
    result[name] = [...(Array.isArray(list) ? list : []), readValue(type.of, value)];
  } else if (type.kind === 'map' && Buffer.isBuffer(value)) {
    const { key, value: item } = readMessage(value, { 1: ['key', text], 2: ['value', type.of] });
    const map = result[name];
    result[name] = { ...(isRecord(map) ? map : {}), [typeof key === 'string' ? key : '']: item ?? '' };
  } else {
    const read = readValue(type, value);
    if (read !== '' && read !== 0) result[name] = read;
  }
}

function readValue(type: FieldType, value: number | Buffer): unknown {
  if (typeof value === 'number') return type.kind === 'boolean' ? value !== 0 : value;
  switch (type.kind) {
    case 'text':
      return value.toString('utf8');
    case 'bytes':
      return value.toString('base64');
    case 'message':
      return readMessage(value, type.fields);
    case 'intOrString': {
      const { number = 0, words } = readMessage(value, { 2: ['number', integer], 3: ['words', text] });
      return words ?? number;
    }
    default:
      return value;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}
