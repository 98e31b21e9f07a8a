import type { RouterView } from '../view.ts';

/** Why nobody answers who calls the Service of a router; none where a pod does, or is still on its way. */
export function whyUnanswered(view: RouterView | undefined): readonly string[] {
  if (view === undefined || view.pods.some(({ ready }) => ready)) return [];
  switch (view.state.kind) {
    case 'degraded':
      return [downText(view.state.message)];
    case 'address-conflict':
      // Before there is a pod, whoever has the address may well give it up in time.
      return view.pods.length === 0 ? [] : [downText(view.state.message)];
    case 'ready':
    case 'simulated':
    case 'progressing':
    case 'stale-rules':
    case 'not-reconciled':
    case 'deleting':
      return [];
  }
}

function downText(why: string): string {
  return `The router is not up, so nobody answers its clients yet. ${why}`;
}
