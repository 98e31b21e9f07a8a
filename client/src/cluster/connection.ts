import type { ClusterSession, OpenCluster } from '#cluster/api.ts';
import { ClusterError, type Failure, type FailureReason, toFailure } from '#cluster/errors.ts';
import type { HeardSubscription } from '#cluster/subscription.ts';
import type { RoutersSnapshot } from '#cluster/view.ts';

/** What the sidebar draws. `routers` of the last snapshot stay while a connection is lost. */
export type ConnectionView =
  /** Nobody has looked at the cluster yet. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'opening' }
  /** The kubeconfig cannot be used. */
  | ({ readonly kind: 'failed' } & Failure)
  | { readonly kind: 'open'; readonly snapshot: RoutersSnapshot; readonly namespace: string };

/** Asked for each time a session is opened, so that a changed setting counts. */
export interface ConnectionOptions {
  readonly load: () => OpenCluster;
  readonly kubeconfigPaths: () => readonly string[] | undefined;
  readonly mayRunPrograms: () => boolean;
  readonly log: (line: string) => void;
  /** Called when `place` is another one. */
  readonly onPlace: () => void;
}

/** The context and default namespace that a person chose here; absent: what the kubeconfig says. */
export interface Selection {
  readonly context?: string;
  readonly namespace?: string;
}

/** What commands work with. */
export interface Place {
  readonly context: string;
  /** Where documents go that name none. */
  readonly namespace: string;
  /** Why the cluster did not answer the last command that asked it. */
  readonly failure?: Failure;
}

/**
 * The one connection of this window: opened with the first look at the cluster, opened again whenever the
 * selection or the kubeconfig changes. A session in use outlives its replacement until its last user is done.
 */
export class ClusterConnection {
  readonly #options: ConnectionOptions;
  readonly #onChange: () => void;
  #selection: Selection;
  #lease: Promise<Lease> | undefined;
  /** When the cluster that is followed was heard from last. */
  #heardAt: () => string | undefined = () => undefined;
  #watching = false;
  #view: ConnectionView = { kind: 'closed' };
  #place: Place | undefined;

  constructor(options: ConnectionOptions, selection: Selection, onChange: () => void) {
    this.#options = options;
    this.#selection = selection;
    this.#onChange = onChange;
  }

  get view(): ConnectionView {
    return this.#view;
  }

  /** Undefined until something was asked of a cluster. */
  get place(): Place | undefined {
    return this.#place;
  }

  get selection(): Selection {
    return this.#selection;
  }

  /** Opens the session and follows the routers; what prevents it becomes the view. */
  watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    this.#follow();
  }

  /** Runs `task` with the session, which stays open until `task` has ended. Rejects with a ClusterError. */
  async use<T>(task: (session: ClusterSession) => Promise<T>): Promise<T> {
    const lease = await this.#current();
    if (lease.left) return this.use(task);
    lease.users += 1;
    try {
      const result = await task(lease.session);
      this.#stand(lease.session);
      return result;
    } catch (error) {
      this.#stand(lease.session, ClusterError.is(error, ...noAnswer) ? toFailure(error) : undefined);
      throw error;
    } finally {
      lease.users -= 1;
      if (lease.left) endIfUnused(lease);
    }
  }

  select(selection: Selection): void {
    this.#selection = selection;
    this.reopen();
  }

  /** As `reopen`, of a place that is the same: what was seen of it stays until it is seen anew. */
  refresh(): void {
    const before = this.#view;
    const { snapshot } = before.kind === 'open' ? before : {};
    const seen = snapshot === undefined || snapshot.routers.length === 0 ? undefined : snapshot;
    this.#reopen(seen === undefined ? undefined : { snapshot: seen, heardAt: this.#heardAt() });
  }

  /** Reads the kubeconfig again. Does nothing while nobody has looked at the cluster. */
  reopen(): void {
    this.#reopen(undefined);
  }

  /** @param seen what is drawn while the cluster does not answer; without it, nothing */
  #reopen(seen: Seen | undefined): void {
    const hadPlace = this.#place !== undefined;
    this.#leave();
    if (this.#watching) this.#follow(seen);
    // What is shown of it is to be the new one's: opening reads files alone.
    else if (hadPlace) this.#current().catch(() => this.#stand(undefined));
  }

  close(): void {
    this.#watching = false;
    this.#leave();
  }

  #leave(): void {
    const lease = this.#lease;
    this.#lease = undefined;
    void lease?.then(leave, () => undefined); // a lease that never opened holds nothing
  }

  #current(): Promise<Lease> {
    if (this.#lease !== undefined) return this.#lease;
    const lease = this.#openLease();
    this.#lease = lease;
    lease.catch(() => {
      // The next use tries again.
      if (this.#lease === lease) this.#lease = undefined;
    });
    lease.then(
      ({ session }) => {
        if (this.#lease === lease) this.#stand(session);
      },
      () => undefined, // told to who asked
    );
    return lease;
  }

  #stand(session: Pick<ClusterSession, 'context' | 'namespace'> | undefined, failure?: Failure): void {
    const before = this.#place;
    if (session === undefined) this.#place = undefined;
    else {
      const { context, namespace } = session;
      this.#place = failure === undefined ? { context, namespace } : { context, namespace, failure };
    }
    if (JSON.stringify(before) !== JSON.stringify(this.#place)) this.#options.onPlace();
  }

  #follow(seen?: Seen): void {
    const before = this.#view;
    const current = this.#current();
    const isCurrent = () => this.#lease === current;
    this.#show(
      seen === undefined || before.kind !== 'open'
        ? { kind: 'opening' }
        : { ...before, snapshot: { ...seen.snapshot, connection: { kind: 'connecting' } } },
    );
    let last = seen;
    this.#heardAt = () => last?.heardAt;
    current.then(
      (lease) => {
        if (!isCurrent()) return;
        const { session } = lease;
        this.#heardAt = () => lease.subscription?.heardAt() ?? last?.heardAt;
        lease.subscription = session.watchRouters((snapshot) => {
          if (!isCurrent()) return;
          const shown = withLast(snapshot, last);
          // Once the cluster has answered, its session keeps what it has seen by itself.
          if (shown === snapshot && snapshot.connection.kind !== 'connecting') last = undefined;
          this.#show({ kind: 'open', snapshot: shown, namespace: session.namespace });
        });
      },
      (error: unknown) => {
        if (this.#watching && (this.#lease === undefined || isCurrent()))
          this.#show({ kind: 'failed', ...toFailure(error) });
      },
    );
  }

  async #openLease(): Promise<Lease> {
    const { load, kubeconfigPaths, mayRunPrograms, log } = this.#options;
    // A turn of the loop first: loading the bundle must not hold up what asked for it.
    await new Promise((resolve) => setImmediate(resolve));
    const paths = kubeconfigPaths();
    const session = await load()({
      ...(paths === undefined ? {} : { kubeconfigPaths: paths }),
      ...this.#selection,
      allowExec: mayRunPrograms(),
      log,
    });
    return { session, subscription: undefined, users: 0, left: false };
  }

  #show(view: ConnectionView): void {
    this.#view = view;
    this.#onChange();
  }
}

/** The only namespace that is looked at, as it was `selected` or as no other may be seen. */
export function namespaceInForce(view: ConnectionView, selected: string | undefined): string | undefined {
  if (selected !== undefined || view.kind !== 'open') return selected;
  const { scope } = view.snapshot;
  return scope.kind === 'namespaces' && scope.namespaces.length === 1 && scope.more === undefined
    ? scope.namespaces[0]
    : undefined;
}

/** What an earlier session has seen of the same place. */
interface Seen {
  readonly snapshot: RoutersSnapshot;
  /** ISO 8601: when it heard from the cluster last. */
  readonly heardAt: string | undefined;
}

/** What was seen last, in place of nothing, while the cluster does not answer; and since when it does not. */
function withLast(snapshot: RoutersSnapshot, last: Seen | undefined): RoutersSnapshot {
  const { context, connection } = snapshot;
  if (last === undefined || last.snapshot.context !== context || hasAnswered(connection)) return snapshot;
  if (connection.kind !== 'unreachable') return { ...last.snapshot, connection };
  const before = last.snapshot.connection;
  const since = before.kind === 'unreachable' ? before.since : (last.heardAt ?? connection.since);
  return { ...last.snapshot, connection: { ...connection, since } };
}

function hasAnswered(connection: RoutersSnapshot['connection']): boolean {
  switch (connection.kind) {
    case 'connecting':
      return false;
    case 'live':
      return true;
    case 'unreachable':
      return connection.reason === 'forbidden' || connection.reason === 'crd-missing';
  }
}

/** The cluster did not get to judge what was asked. */
const noAnswer: readonly FailureReason[] = [
  'unreachable',
  'tls',
  'unauthorized',
  'login-failed',
  'exec-missing',
];

interface Lease {
  readonly session: ClusterSession;
  subscription: HeardSubscription | undefined;
  users: number;
  left: boolean;
}

function leave(lease: Lease): void {
  lease.left = true;
  lease.subscription?.close();
  endIfUnused(lease);
}

function endIfUnused(lease: Lease): void {
  if (lease.users === 0) lease.session.close();
}
