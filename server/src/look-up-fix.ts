import { type Command, type Connection, MessageType, ShowMessageNotification } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { familyOfCidr } from '#core/net/cidr.ts';
import { familyOf, parseIp } from '#core/net/ip.ts';
import type { Fix } from '#core/problem.ts';
import type { FileSlice } from '#language/document.ts';
import type { Diagnostic } from '#language/features/checks/diagnostic.ts';
import type { LookUpFix } from '#language/features/fixes/code-actions.ts';
import { lookedUpEdits } from '#language/features/fixes/fix-edits.ts';
import { objectAt } from '#language/objects.ts';
import type { Edit } from '#language/text/text-edit.ts';
import type { OpenDocument } from './documents.ts';
import type { Serving } from './serving.ts';
import { toWorkspaceEdit } from './workspace-edit.ts';

/** Asks the name service, and writes the address that it gives. Run by a person who chose the fix, and by nothing else. */
export const lookUpCommand = 'egressRouter.lookUp';

export function toLookUpCommand(text: TextDocument, { title, host, slice, diagnostic }: LookUpFix): Command {
  const argument: LookUpArgument = {
    uri: text.uri,
    version: text.version,
    host,
    offset: slice.start + diagnostic.span.start,
  };
  return { title, command: lookUpCommand, arguments: [argument] };
}

/** What goes wrong is told to the person, who waits for it. */
export async function lookUpAndFix(
  { connection, answer, client, findings, platform: { lookUp } }: Serving,
  argument: unknown,
): Promise<void> {
  const wanted = readArgument(argument);
  if (wanted === undefined || lookUp === undefined) return;
  const { uri, version, host } = wanted;
  const isOffered = await answer(uri, false, (document) => {
    if (document.text.version !== version) return false;
    return fixIn(document, wanted, (slice) => findings.in(uri, slice)) !== undefined;
  }).catch(() => false);
  if (!isOffered) {
    await tell(connection, MessageType.Error, `${host} was not looked up: the text has changed meanwhile.`);
    return;
  }
  const found = await withinTime(lookUp(host)).then(
    (addresses) => ({ addresses }),
    (error: unknown) => ({ error }),
  );
  if ('error' in found) {
    await tell(connection, MessageType.Error, `No address was found for ${host}: ${reasonOf(found.error)}`);
    return;
  }
  const made = await answer(uri, undefined, (document) =>
    document.text.version === version
      ? fixAt(document, wanted, found.addresses, (slice) => findings.in(uri, slice))
      : undefined,
  ).catch(() => undefined);
  if (made === undefined) {
    await tell(
      connection,
      MessageType.Error,
      `The address of ${host} was not written: the text has changed meanwhile. Choose the fix once more.`,
    );
    return;
  }
  if ('refused' in made) {
    await tell(connection, MessageType.Error, made.refused);
    return;
  }
  const edit = toWorkspaceEdit(made.text, made.edits, client());
  const { applied } = await connection.workspace.applyEdit({ label: `Use the address of ${host}`, edit });
  if (applied && made.note !== undefined) await tell(connection, MessageType.Info, made.note);
}

/** As a notification: an answer would be waited for. */
function tell(connection: Connection, type: MessageType, message: string): Promise<void> {
  return connection.sendNotification(ShowMessageNotification.type, { type, message });
}

interface LookUpArgument {
  readonly uri: string;
  readonly version: number;
  readonly host: string;
  /** Where the marked text begins. */
  readonly offset: number;
}

function readArgument(argument: unknown): LookUpArgument | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  const given = new Map<string, unknown>(Object.entries(argument));
  const [uri, version, host, offset] = ['uri', 'version', 'host', 'offset'].map((name) => given.get(name));
  const isWhole =
    typeof uri === 'string' &&
    typeof version === 'number' &&
    typeof host === 'string' &&
    typeof offset === 'number';
  return isWhole ? { uri, version, host, offset } : undefined;
}

type Made =
  | { readonly text: TextDocument; readonly edits: readonly Edit[]; readonly note?: string }
  | { readonly refused: string };

function fixAt(
  document: OpenDocument,
  wanted: LookUpArgument,
  addresses: readonly string[],
  diagnosticsOf: (slice: FileSlice) => readonly Diagnostic[],
): Made | undefined {
  const found = fixIn(document, wanted, diagnosticsOf);
  if (found === undefined) return undefined;
  const { slice, lookUp } = found;
  const { host } = wanted;
  const { address, refused } = chooseAddress(host, addresses, familiesOf(slice, lookUp.path));
  if (address === undefined) return { refused };
  const edits = lookedUpEdits(slice, lookUp, address);
  if (edits === undefined) return undefined;
  const note = `${host} has ${addresses.length} addresses (${addresses.join(', ')}); ${address} was taken. The router does not follow the name.`;
  return { text: document.text, edits, ...(addresses.length > 1 ? { note } : {}) };
}

/** What was offered: nothing else is ever looked up. */
function fixIn(
  { file }: OpenDocument,
  { host, offset }: LookUpArgument,
  diagnosticsOf: (slice: FileSlice) => readonly Diagnostic[],
): { readonly slice: FileSlice; readonly lookUp: NonNullable<Fix['lookUp']> } | undefined {
  for (const slice of file.slices) {
    for (const { span, fixes } of diagnosticsOf(slice)) {
      if (slice.start + span.start !== offset) continue;
      const fix = fixes.find((one) => one.kind === 'value' && one.lookUp?.host === host);
      if (fix?.kind === 'value' && fix.lookUp !== undefined) return { slice, lookUp: fix.lookUp };
    }
  }
  return undefined;
}

/** The families that the router has addresses of; both where that cannot be told. */
function familiesOf({ content }: FileSlice, path: readonly (string | number)[]): readonly (4 | 6)[] {
  const object = objectAt(content?.objects ?? [], path)?.object;
  if (object?.kind !== 'router') return [4, 6];
  const families = object.reading.addresses.flatMap((one) =>
    one === undefined ? [] : [familyOfCidr(one.address)],
  );
  return families.length === 0 ? [4, 6] : families;
}

function chooseAddress(
  host: string,
  addresses: readonly string[],
  families: readonly (4 | 6)[],
): { readonly address?: string; readonly refused: string } {
  const address = addresses.find((one) => {
    const ip = parseIp(one);
    return ip !== undefined && families.includes(familyOf(ip));
  });
  const served = families.includes(4) ? 'IPv4' : 'IPv6';
  const refused =
    addresses.length === 0
      ? `No address was found for ${host}.`
      : `${host} has no ${served} address (it has ${addresses.join(', ')}), and the router serves no other family.`;
  return { refused, ...(address === undefined ? {} : { address }) };
}

const timeoutMs = 5000;

async function withinTime<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the name service did not answer within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOTFOUND':
      return 'the name service of this machine does not know the name. Check how it is spelled, or write the address.';
    case 'EAI_AGAIN':
      return 'the name service of this machine does not answer. Try again once it does, or write the address.';
    default:
      return `${error instanceof Error ? error.message : String(error)}. Try again, or write the address.`;
  }
}
