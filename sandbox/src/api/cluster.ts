import type { Judge } from './admission/judge.ts';
import type { TokenSigner } from './auth/service-account-token.ts';
import type { TokenUser } from './auth/user.ts';
import type { Registry } from './kinds/registry.ts';
import type { World } from './resource.ts';
import type { Store } from './store.ts';

/** Everything a request may need. */
export interface Cluster {
  readonly store: Store;
  readonly registry: Registry;
  readonly world: World;
  /** Asked about every write before it is stored. */
  readonly judge: Judge;
  readonly signer: TokenSigner;
  readonly users: () => readonly TokenUser[];
  readonly kubelet: KubeletAccess;
  readonly bookmarkIntervalMs: number;
  /** For what goes wrong after an answer has begun, when there is nobody left to tell. */
  readonly reportFault: (error: unknown) => void;
}

/** How the server talks to the kubelet whose address and port a Node object gives. */
export interface KubeletAccess {
  readonly scheme: 'http' | 'https';
  readonly token?: string;
  /** Shown to a kubelet that asks for one; PEM. */
  readonly client?: { readonly key: string; readonly cert: string };
}
