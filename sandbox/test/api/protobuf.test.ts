import { expect, test } from 'vitest';
import { decodeProtobuf } from '#sandbox/api/request/protobuf.ts';

/** A field of the wire type that carries a length, as protocol buffers write it; short ones only. */
function field(number: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
}

function sent(kind: string, ...fields: readonly Buffer[]): Buffer {
  const type = Buffer.concat([field(1, 'v1'), field(2, kind)]);
  return Buffer.concat([Buffer.from('k8s\0'), field(1, type), field(2, Buffer.concat(fields))]);
}

const entry = (key: string, value: string): Buffer => Buffer.concat([field(1, key), field(2, value)]);

test.each([
  ['nothing but its kind', sent('SelfSubjectReview'), { kind: 'SelfSubjectReview' }],
  [
    'texts, maps and bytes',
    sent(
      'Secret',
      field(
        1,
        Buffer.concat([field(1, 's'), field(3, 'n'), field(11, entry('a', 'b')), field(11, entry('c', 'd'))]),
      ),
      field(2, entry('key', 'value')),
      field(3, 'Opaque'),
      Buffer.from([5 << 3, 1]),
    ),
    {
      kind: 'Secret',
      metadata: { name: 's', namespace: 'n', labels: { a: 'b', c: 'd' } },
      data: { key: Buffer.from('value').toString('base64') },
      type: 'Opaque',
      immutable: true,
    },
  ],
  [
    'lists, numbers of several bytes, and fields it does not know',
    sent(
      'TokenRequest',
      field(2, Buffer.concat([field(1, 'x'), field(1, 'y'), Buffer.from([4 << 3, 0xd8, 0x04])])),
      field(9, '?'),
    ),
    { kind: 'TokenRequest', spec: { audiences: ['x', 'y'], expirationSeconds: 600 } },
  ],
  [
    'numbers that may be words, and zeros',
    sent(
      'Service',
      field(
        2,
        Buffer.concat([
          field(
            1,
            Buffer.concat([
              field(1, 'a'),
              Buffer.from([3 << 3, 80, 5 << 3, 0]),
              field(4, Buffer.from([8, 0, 16, 81, 26, 0])),
            ]),
          ),
          field(
            1,
            Buffer.concat([
              Buffer.from([3 << 3, 82]),
              field(4, Buffer.concat([Buffer.from([8, 1, 16, 0]), field(3, 'http')])),
            ]),
          ),
          field(4, 'ClusterIP'),
        ]),
      ),
    ),
    {
      kind: 'Service',
      spec: {
        ports: [
          { name: 'a', port: 80, targetPort: 81 },
          { port: 82, targetPort: 'http' },
        ],
        type: 'ClusterIP',
      },
    },
  ],
])('a message with %s', (_name, bytes, expected) => {
  expect(decodeProtobuf(bytes)).toEqual({ apiVersion: 'v1', ...expected });
});

test.each([
  ['JSON', Buffer.from('{}')],
  ['a kind that is not in the table', sent('Deployment')],
])('%s is not read', (_name, bytes) => expect(decodeProtobuf(bytes)).toBeUndefined());
