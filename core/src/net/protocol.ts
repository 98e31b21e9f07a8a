export const protocols = ['TCP', 'UDP', 'SCTP'] as const;

/** A transport protocol as the EgressRouter resource spells it. */
export type Protocol = (typeof protocols)[number];

/** IANA protocol numbers; nft gets numbers, as an image without /etc/protocols cannot resolve the names. */
export const protocolNumbers = { TCP: 6, UDP: 17, SCTP: 132 } as const satisfies Record<Protocol, number>;

/** Exact spelling only: the CRD's enum is upper case. */
export function parseProtocol(value: unknown): Protocol | undefined {
  return protocols.find((protocol) => protocol === value);
}
