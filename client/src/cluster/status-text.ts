import { t } from '#client/l10n.ts';
import { told } from '#client/told.ts';
import type { Failure } from '#cluster/errors.ts';
import type { ConnectionView, Place } from './connection.ts';
import { lostText } from './lost-text.ts';

export interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  /** What a screen reader says. */
  readonly spoken: string;
  readonly isError: boolean;
}

/**
 * Context and namespace that commands work with, for the status bar. Undefined while no cluster was asked for
 * anything.
 *
 * @param listed the namespace that the view is narrowed to
 */
export function toStatusText(
  view: ConnectionView,
  place: Place | undefined,
  listed: string | undefined,
): StatusText | undefined {
  if (view.kind === 'failed') return view.reason === 'no-kubeconfig' ? undefined : failedText(view);
  if (place === undefined) return undefined;
  const { context, namespace } = place;
  const failure = failureOf(view, place);
  // The view may list all namespaces beside it: then it must not read as what is listed.
  const isListed = listed === namespace;
  const words = [
    isListed
      ? t`Context ${context}, namespace ${namespace}.`
      : t`Context ${context}, default namespace ${namespace}.`,
    t`Documents that name no namespace go to ${namespace}. The view lists ${listed ?? t`all namespaces`}.`,
    ...(failure === undefined ? [] : [told(failure.message)]),
    t`Click to switch the context.`,
  ];
  const icon = failure === undefined ? '$(server)' : '$(error)';
  const shown = `${icon} ${plain(shortened(context))} / ${plain(namespace)}`;
  const trouble = failure === undefined ? '' : `, ${lostText(failure.reason)}`;
  return {
    text: isListed ? shown : t`${shown} (default)`,
    tooltip: words.join('\n\n'),
    spoken: isListed
      ? t`Egress routers: context ${context}, namespace ${namespace}${trouble}`
      : t`Egress routers: context ${context}, default namespace ${namespace}${trouble}`,
    isError: failure !== undefined,
  };
}

function failedText({ message }: Failure): StatusText {
  return {
    text: t`$(error) Egress routers: cannot connect`,
    tooltip: t`${told(message)}\n\nClick to switch the context.`,
    spoken: t`Egress routers: cannot connect`,
    isError: true,
  };
}

/** What the view follows is newer than what a command met. */
function failureOf(view: ConnectionView, place: Place): Failure | undefined {
  if (view.kind !== 'open') return place.failure;
  const { connection } = view.snapshot;
  return connection.kind === 'unreachable' ? connection : undefined;
}

/** Contexts of OpenShift name a namespace, a server with its port and a user. */
function shortened(context: string): string {
  return context.length <= longest
    ? context
    : `${context.slice(0, longest / 2)}…${context.slice(-longest / 2)}`;
}

const longest = 36;

/** The status bar draws `$(name)` as an icon. */
function plain(text: string): string {
  return text.replaceAll('$(', '\\$(');
}
