import { router } from '../cursor.ts';

/** The sample router with a part of it put in another way; the first place where it stands. */
export function changed(from: string, to: string, text: string = router): string {
  if (!text.includes(from)) throw new Error(`The sample router has no ${from}`);
  return text.replace(from, () => to);
}

/** The sample with another entry in `addresses`, its only one. */
export function withAddress(ip: string, gateway?: string): string {
  const own = '    - ip: 192.168.12.99/24\n      gateway: 192.168.12.1\n';
  return changed(own, `    - ip: ${ip}\n${gateway === undefined ? '' : `      gateway: ${gateway}\n`}`);
}

/** The sample with lines in `spec` before the others. */
export function withSpec(...lines: string[]): string {
  return changed('spec:\n', ['spec:', ...lines.map((line) => `  ${line}`), ''].join('\n'));
}

/** The sample with lines in its rule after the others. */
export function withRule(...lines: string[]): string {
  const last = '        targetPort: 80\n';
  return changed(last, [last.trimEnd(), ...lines.map((line) => `      ${line}`), ''].join('\n'));
}
