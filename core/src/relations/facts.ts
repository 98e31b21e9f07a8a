import type { SpellingProblemCode } from '#core/egress-router/checks/spellings.ts';
import type { RedirectRule } from '#core/egress-router/model.ts';
import type { MacvlanMode } from '#core/egress-router/wire.ts';
import type { Cidr } from '#core/net/cidr.ts';
import type { IfName } from '#core/net/ifname.ts';
import type { Ip } from '#core/net/ip.ts';
import type { Port } from '#core/net/port.ts';
import type { Protocol } from '#core/net/protocol.ts';
import type { DocumentId, Path, Problem } from '#core/problem.ts';
import type { ServiceProblemCode } from '#core/service/problem-codes.ts';

/**
 * What other objects need to know of an object: small, plain data. Paths count from the root of the object.
 * Facts of a document that a template fills in are not to be had: what it says is not known.
 */
export type Facts = RouterFacts | ServiceFacts | NadFacts | LegacyFacts | ConfigMapFacts;

/** Facts and where they were found; `root` is where the object stands in its document. */
export interface Known<F extends Facts = Facts> {
  readonly document: DocumentId;
  /** The file that the document is written in, and what it is applied with as one. */
  readonly file: string;
  readonly unit: string;
  readonly root: Path;
  readonly facts: F;
}

export interface ObjectName {
  readonly name?: string;
  /** Absent where the manifest leaves it to the context: then it is that of no other file for certain, and likely the only one that is written in its own. */
  readonly namespace?: string;
}

export interface RouterFacts extends ObjectName {
  readonly kind: 'router';
  readonly addresses: readonly AddressFact[];
  readonly rules: readonly RuleFact[];
  readonly fallback?: { readonly ip: Ip; readonly path: Path };
  readonly macvlan: { readonly mode: MacvlanMode; readonly master?: IfName };
  /** False where an address or a rule is written that could not be read. */
  readonly isWhole: boolean;
  /** Something puts others in the place of addresses that its document names: `addresses` is without those. */
  readonly hasOtherAddresses?: true;
  /** Its document says that the operator of this project makes it: the Cluster Network Operator does not. */
  readonly isForAgent?: true;
  /** It is no object by itself: a patch gives a router that is written elsewhere these addresses, and no more is known of it. */
  readonly isPatch?: true;
}

/** `path` is that of the entry. */
export interface AddressFact {
  readonly address: Cidr;
  readonly gateway?: Ip;
  readonly path: Path;
  /** Where the address itself is written, where that is not `ip` of the entry. */
  readonly place?: WrittenPlace;
}

/** A value, or the part of one that `within` tells. */
export interface WrittenPlace {
  readonly path: Path;
  readonly within?: { readonly start: number; readonly end: number };
}

/** `path` is that of the entry. */
export interface RuleFact extends RedirectRule {
  readonly path: Path;
}

export type ServiceFaultCode = SpellingProblemCode | ServiceProblemCode | 'invalid-name';

export interface ServiceFacts extends ObjectName {
  readonly kind: 'service';
  /** Absent: ClusterIP. */
  readonly type?: string;
  /** `clusterIP: None`: clients reach the pod itself, on any port. */
  readonly isHeadless: boolean;
  /** Absent where there is none: then whoever made the Service fills in its endpoints. */
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports: readonly ServicePortFact[];
  /** False where a port is written that could not be read. */
  readonly isWhole: boolean;
  /** What the API server refuses in it, if anything: worth telling of the Service of a router. */
  readonly faults?: readonly Problem<ServiceFaultCode>[];
}

/** `path` is that of the entry. */
export interface ServicePortFact {
  readonly port: Port;
  readonly protocol: Protocol;
  readonly isProtocolWritten: boolean;
  /** Absent where it is not written: then it is `port`. A string is the name of a container's port. */
  readonly targetPort?: Port | string;
  /** The number is written as text, which an API server takes for a name. */
  readonly isTargetText?: true;
  readonly path: Path;
}

export interface NadFacts extends ObjectName {
  readonly kind: 'nad';
  /** Made by a controller, which keeps it as its router is. */
  readonly isOwned: boolean;
  /** What the configuration in it says; absent where it cannot be read. */
  readonly config?: NadConfigFacts;
}

/** Paths lead through `spec.config` into the JSON. */
export interface NadConfigFacts {
  readonly addresses: readonly AddressFact[];
  readonly addressesPath: Path;
  readonly gatewayPath: Path;
  readonly rules: readonly RuleFact[];
  readonly destinationsPath: Path;
}

export interface LegacyFacts extends ObjectName {
  readonly kind: 'legacy';
  /** Its own and its gateway's, as far as the manifest tells. */
  readonly addresses: readonly Ip[];
  /** Of the pods, by which a Service selects them. */
  readonly labels: Readonly<Record<string, string>>;
  /** Its own address as it is written in the pod; absent where that does not tell. */
  readonly source?: string;
  /** The keys that its variables name. */
  readonly configMaps: readonly ConfigMapKeyFact[];
}

/** `path` is that of the `configMapKeyRef`, or of the `configMapRef` of an `envFrom`. */
export interface ConfigMapKeyFact {
  readonly name: string;
  readonly key: string;
  readonly path: Path;
  /** What it is to hold, where that can be checked without the pod: the router's rules, or an address. */
  readonly role?: 'source' | 'gateway' | 'destination';
  /** All keys are taken over. */
  readonly isWhole?: true;
  /** Another ConfigMap may have the key instead. */
  readonly isOneOfMany?: true;
}

export interface ConfigMapFacts extends ObjectName {
  readonly kind: 'configMap';
  readonly keys: readonly string[];
  /** Of those keys that hold text. */
  readonly texts: Readonly<Record<string, string>>;
}
