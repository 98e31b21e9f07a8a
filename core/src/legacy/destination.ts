import { type Ip, parseIp, parseIp4 } from '#core/net/ip.ts';
import { type Port, parsePortText } from '#core/net/port.ts';
import { type Protocol, parseProtocol } from '#core/net/protocol.ts';
import { isUnicast } from '#core/netconf/host-address.ts';
import { isFilledIn } from './setting.ts';

/** A line of `EGRESS_DESTINATION` that says something. Offsets count in the whole text. */
export type DestinationLine = LineContent & {
  /** From 1. */
  readonly number: number;
  /** Without the blanks at both ends. */
  readonly span: TextSpan;
  /** With its `#`. */
  readonly comment?: string;
  /** Why OpenShift SDN refuses the line, or what fails with it. A rule or fallback is understood nevertheless. */
  readonly faults: readonly LineFault[];
};

export type LineContent =
  | { readonly kind: 'rule'; readonly rule: LegacyRule }
  | { readonly kind: 'fallback'; readonly destination: Ip }
  | { readonly kind: 'comment' }
  /** It holds what a parameter fills in. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unreadable' };

export interface LegacyRule {
  readonly port: Port;
  readonly protocol: Protocol;
  readonly destination: Ip;
  /** Absent where the line names none: then it is `port`. */
  readonly targetPort?: Port;
}

export interface LineFault {
  readonly span: TextSpan;
  readonly message: string;
  /** What to change, where that is plain. */
  readonly mend?: { readonly title: string; readonly edits: readonly LineEdit[] };
}

export interface LineEdit {
  readonly span: TextSpan;
  readonly text: string;
}

export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** Reads a text of any kind; blank lines are left out. */
export function readDestination(text: string): readonly DestinationLine[] {
  const lines: DestinationLine[] = [];
  let start = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const read = readLine(line, start, index + 1);
    if (read !== undefined) lines.push(read);
    start += line.length + 1;
  }
  return lines;
}

interface Word extends TextSpan {
  readonly text: string;
}

function readLine(line: string, start: number, number: number): DestinationLine | undefined {
  const words = wordsIn(line, start);
  const [first] = words;
  const last = words.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const span = { start: first.start, end: last.end };
  if (isFilledIn(line)) return { kind: 'unknown', number, span, faults: [] };
  const hash = words.findIndex(({ text }) => text.startsWith('#'));
  const at = words[hash]?.start;
  const comment = at === undefined ? {} : { comment: line.slice(at - start).trimEnd() };
  if (hash === 0) return { kind: 'comment', number, span, ...comment, faults: [] };
  const parts = hash < 0 ? words : words.slice(0, hash);
  const end = parts.at(-1)?.end ?? span.end;
  const faults = [
    ...gapFaults(parts, line, start),
    ...(hash < 0
      ? tailFaults(line, start, end)
      : [commentFault(line, start, { start: end, end: start + line.trimEnd().length })]),
  ];
  const read = readParts(parts, { start: span.start, end });
  return { ...read.content, number, span, ...comment, faults: [...faults, ...read.faults] };
}

function wordsIn(line: string, start: number): readonly Word[] {
  return Array.from(line.matchAll(/\S+/g), ({ 0: text, index }) => ({
    text,
    start: start + index,
    end: start + index + text.length,
  }));
}

function gapFaults(words: readonly Word[], line: string, start: number): readonly LineFault[] {
  return words.slice(1).flatMap((word, index): LineFault[] => {
    const span = { start: words[index]?.end ?? start, end: word.start };
    const gap = line.slice(span.start - start, span.end - start);
    if (/^ +$/.test(gap)) return [];
    const what = gap.includes('\t') ? 'a tab' : 'white space of another kind';
    const message = `Only spaces may stand between the parts of a line; here is ${what}.`;
    return [{ span, message, mend: mendBy('Use a space', span, ' ') }];
  });
}

/** Tabs at the ends of a line do no harm, the `\r` of a text from Windows does. */
function tailFaults(line: string, start: number, end: number): readonly LineFault[] {
  const tail = line.slice(end - start);
  if (/^[ \t]*$/.test(tail)) return [];
  const message = 'The line ends in white space other than a space, such as the line ending of Windows.';
  const span = { start: end, end: start + line.length };
  return [{ span, message, mend: mendBy('Remove it', span, '') }];
}

function commentFault(line: string, start: number, span: TextSpan): LineFault {
  const message = 'A comment takes a line of its own: behind a rule it makes the line invalid.';
  const comment = line.slice(span.start - start, span.end - start).trim();
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  const before = start + indent.length;
  const edits = [
    { span: { start: before, end: before }, text: `${comment}\n${indent}` },
    { span, text: '' },
  ];
  return { span, message, mend: { title: 'Put the comment on a line of its own', edits } };
}

function mendBy(title: string, { start, end }: TextSpan, text: string): NonNullable<LineFault['mend']> {
  return { title, edits: [{ span: { start, end }, text }] };
}

interface Read {
  readonly content: LineContent;
  readonly faults: readonly LineFault[];
}

function readParts(words: readonly Word[], span: TextSpan): Read {
  const [first, protocolWord, addressWord, targetWord, ...rest] = words;
  if (first !== undefined && protocolWord === undefined) {
    const { ip, faults } = readAddress(first);
    return { content: ip === undefined ? unreadable : { kind: 'fallback', destination: ip }, faults };
  }
  if (first === undefined || protocolWord === undefined || addressWord === undefined || rest.length > 0) {
    const message =
      'This is neither "<port> <protocol> <address> [<remote port>]", such as "8080 tcp 203.0.113.25 80", nor one address.';
    return { content: unreadable, faults: [{ span, message }] };
  }
  const port = readPort(first);
  const protocol = readProtocol(protocolWord);
  const address = readAddress(addressWord);
  const target = targetWord === undefined ? { faults: [] } : readPort(targetWord);
  const faults = [port, protocol, address, target].flatMap((part) => part.faults);
  const isWhole = targetWord === undefined || target.port !== undefined;
  if (port.port === undefined || protocol.protocol === undefined || address.ip === undefined || !isWhole) {
    return { content: unreadable, faults };
  }
  const rule: LegacyRule = {
    port: port.port,
    protocol: protocol.protocol,
    destination: address.ip,
    ...(target.port === undefined ? {} : { targetPort: target.port }),
  };
  return { content: { kind: 'rule', rule }, faults };
}

const unreadable = { kind: 'unreadable' } as const;

function readPort(word: Word): { readonly port?: Port; readonly faults: readonly LineFault[] } {
  const port = parsePortText(word.text);
  if (port !== undefined) return { port, faults: [] };
  const mended = /^0+[1-9][0-9]*$/.test(word.text) ? parsePortText(word.text.replace(/^0+/, '')) : undefined;
  if (mended !== undefined) {
    const message = `The port ${word.text} begins with 0, which makes it an octal number.`;
    const mend = mendBy(`Write ${mended}`, word, String(mended));
    return { port: mended, faults: [{ span: spanOf(word), message, mend }] };
  }
  const message = `${JSON.stringify(word.text)} is no port: a number from 1 to 65535.`;
  return { faults: [{ span: spanOf(word), message }] };
}

function readProtocol(word: Word): { readonly protocol?: Protocol; readonly faults: readonly LineFault[] } {
  const span = spanOf(word);
  const lower = word.text.toLowerCase();
  const protocol = parseProtocol(lower.toUpperCase());
  if (protocol === undefined) {
    return { faults: [{ span, message: `${JSON.stringify(word.text)} is no protocol: tcp or udp.` }] };
  }
  if (protocol === 'SCTP') {
    const message = 'OpenShift SDN routers know tcp and udp only; an EgressRouter can redirect SCTP.';
    return { protocol, faults: [{ span, message }] };
  }
  if (word.text === lower) return { protocol, faults: [] };
  const message = `The protocol is written in lower case here: ${lower}.`;
  return { protocol, faults: [{ span, message, mend: mendBy(`Use ${lower}`, word, lower) }] };
}

function readAddress(word: Word): { readonly ip?: Ip; readonly faults: readonly LineFault[] } {
  const span = spanOf(word);
  const ip = parseIp4(word.text);
  if (ip !== undefined && isUnicast(ip)) return { ip, faults: [] };
  const host = word.text.endsWith('/32') ? parseIp4(word.text.slice(0, -3)) : undefined;
  if (host !== undefined && isUnicast(host)) {
    const message = `One address is written without a prefix length: ${host}.`;
    return { ip: host, faults: [{ span, message, mend: mendBy(`Use ${host}`, word, host) }] };
  }
  return { faults: [{ span, message: addressMessage(word.text) }] };
}

function addressMessage(text: string): string {
  const shown = JSON.stringify(text);
  if (parseIp4(text) !== undefined) return `No server can have the address ${text}.`;
  if (/^[0-9]+(\.[0-9]+){3}$/.test(text)) {
    return `${shown} is no IPv4 address: four numbers from 0 to 255 without leading zeros. OpenShift SDN does not look.`;
  }
  if (text.includes('/')) {
    return `${shown} is a network; a connection can be sent to one address only. Leave the line out to send nothing there.`;
  }
  if (parseIp(text) !== undefined)
    return `${text} is IPv6; OpenShift SDN routers send to IPv4 addresses only.`;
  return `${shown} is no IPv4 address. Names are not looked up: write the address of the server.`;
}

function spanOf({ start, end }: Word): TextSpan {
  return { start, end };
}
