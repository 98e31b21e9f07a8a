import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** A private key and its certificate, both PEM. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

export interface Authority {
  readonly caCert: string;
  /** For a server that is met on loopback. `notAfter` by default as for clients. */
  issueServer(name: string, notAfter?: Date): Promise<KeyPair>;
  /** Kubernetes reads the common name as the user and each organization as a group. */
  issueClient(subject: ClientSubject): Promise<KeyPair>;
}

export interface ClientSubject {
  readonly user: string;
  readonly groups: readonly string[];
  /** Default: a year from now. */
  readonly notAfter?: Date;
}

/** A certificate authority that lives as long as the process: its key is never written. */
export async function createAuthority(name: string): Promise<Authority> {
  const keys = await generateKeys();
  const issuer = `CN=${name}`;
  const ca = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(),
      name: issuer,
      ...lifetime(),
      signingAlgorithm: signature,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 1, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );

  async function issue(
    subject: x509.JsonName,
    usage: x509.ExtendedKeyUsage,
    more: x509.Extension[],
    notAfter?: Date,
  ): Promise<KeyPair> {
    const own = await generateKeys();
    const cert = await x509.X509CertificateGenerator.create(
      {
        serialNumber: serialNumber(),
        subject,
        issuer,
        ...lifetime(notAfter),
        signingAlgorithm: signature,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([usage]),
          await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
          ...more,
        ],
      },
      webcrypto,
    );
    return { key: await keyPem(own.privateKey), cert: cert.toString('pem') };
  }

  return {
    caCert: ca.toString('pem'),
    issueServer: (common, notAfter) => {
      const names = new x509.SubjectAlternativeNameExtension([
        { type: 'ip', value: '127.0.0.1' },
        { type: 'dns', value: 'localhost' },
        { type: 'dns', value: 'kubernetes' },
        { type: 'dns', value: 'kubernetes.default' },
        { type: 'dns', value: 'kubernetes.default.svc' },
      ]);
      return issue([{ CN: [common] }], x509.ExtendedKeyUsage.serverAuth, [names], notAfter);
    },
    issueClient: ({ user, groups, notAfter }) =>
      issue(
        [...groups.map((group) => ({ O: [group] })), { CN: [user] }],
        x509.ExtendedKeyUsage.clientAuth,
        [],
        notAfter,
      ),
  };
}

const signature = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const yearMs = 365 * 24 * 3600 * 1000;

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(signature, true, ['sign', 'verify']);
}

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

function lifetime(notAfter?: Date): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  const end = notAfter ?? new Date(now + yearMs);
  return { notBefore: new Date(Math.min(now, end.getTime()) - 60_000), notAfter: end };
}

function serialNumber(): string {
  // RFC 5280 §4.1.2.2: a positive number, so the first bit is cleared.
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  return `4${Buffer.from(bytes).toString('hex').slice(1)}`;
}
