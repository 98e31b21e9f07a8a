import { t } from '#client/l10n.ts';
import { told } from '#client/told.ts';
import type { EventView } from '#cluster/api.ts';

/** Events as lines of a log, the newest first. */
export function eventsText(router: string, context: string, events: readonly EventView[]): string {
  const title = t`# Events of ${router} and of what was made for it,\n# in context ${context}, the newest first.`;
  if (events.length === 0) {
    return `${title}\n\n${t`# There are none: clusters keep events for an hour.`}\n`;
  }
  return `${[title, ...events.map(eventText)].join('\n\n')}\n`;
}

function eventText({ lastSeen, isWarning, reason, about, count, message }: EventView): string {
  const time = lastSeen === undefined ? '' : `${lastSeen.replace(/\.\d+Z$/, 'Z')}  `;
  const times = count > 1 ? t`, ${count} times` : '';
  return `${time}${isWarning ? '[WARN]' : '[INFO]'} ${reason}  ${about}${times}\n    ${told(message).replaceAll('\n', '\n    ')}`;
}
