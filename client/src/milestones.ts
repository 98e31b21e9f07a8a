import type { ConnectionView } from './cluster/connection.ts';

/** What of the walkthrough has come true in the cluster that is looked at: context keys for package.json. */
export interface Milestones {
  readonly 'egressRouter.isConnected': boolean;
  readonly 'egressRouter.hasRouters': boolean;
  readonly 'egressRouter.isUp': boolean;
  readonly 'egressRouter.isExposed': boolean;
}

export function milestonesOf(view: ConnectionView): Milestones {
  const routers = view.kind === 'open' ? view.snapshot.routers : [];
  return {
    'egressRouter.isConnected': view.kind === 'open' && view.snapshot.connection.kind === 'live',
    'egressRouter.hasRouters': routers.length > 0,
    'egressRouter.isUp': routers.some(({ state: { kind } }) => kind === 'ready' || kind === 'simulated'),
    'egressRouter.isExposed': routers.some(({ services }) => services.length > 0),
  };
}

/** Gives `tell` each one that changes. */
export function milestoneTeller(tell: (key: string, value: boolean) => void): (view: ConnectionView) => void {
  const told = new Map<string, boolean>();
  return (view) => {
    for (const [key, value] of Object.entries(milestonesOf(view))) {
      if (told.get(key) === value) continue;
      told.set(key, value);
      tell(key, value);
    }
  };
}
