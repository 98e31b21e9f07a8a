/**
 * A text as a notification shows it. Notifications, and what is said below an input, draw `[words](command:…)` as a
 * link, and a click on it runs the command; what they say comes from clusters, kubeconfigs and manifests, whose
 * authors must not get to offer one.
 */
export function notificationText(text: string): string {
  // A word joiner, which nobody sees, keeps the two brackets of a link apart.
  return text.replaceAll('](', ']\u2060(');
}
