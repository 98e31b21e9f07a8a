import { adviceFor, wordsFor } from './plugin-errors.ts';

/**
 * The sentence of the CNI plugin inside what the kubelet says when a pod gets no network, and what to do about it.
 * Runtime, Multus and library each put their own words around it:
 * `Failed to create pod sandbox: … plugin type="multus" … failed (add): [ns/pod/uid:nad]: error adding container
 * to network "nad": the sentence`. Where Multus is a daemon, as on OKD, its shim says besides what it asked, before
 * the sentence, and what it was given itself, after it (Multus 4.3, `pkg/server`).
 */
export function decodeSandboxError(text: string): string {
  const words = wordsFor(text);
  if (words !== undefined) return words;
  const sentence = pluginSentence(text);
  if (sentence === '') return text.trim();
  const advice = adviceFor(sentence);
  return advice === undefined ? sentence : `${ended(sentence)} ${advice}`;
}

/** Begins the Event that stands for several whose messages differ, by an id or a name. */
export const combined = /^\(combined from similar events\): /;

/** The sentence alone, in one line; as it is where nothing known stands around it. */
export function pluginSentence(text: string): string {
  const inner = [...wrappings].reduce(
    (rest, wrapping) => {
      const found = [...rest.matchAll(wrapping)].at(-1);
      return found === undefined ? rest : rest.slice(found.index + found[0].length);
    },
    withoutShimEnd(text.replace(combined, '')),
  );
  return inner.replace(/\s+/g, ' ').replace(detailsCode, '').trim();
}

/** The answer ends its line and stands in quotes, more than once where one daemon has asked another. */
function withoutShimEnd(text: string): string {
  if (!/CNI request failed with status \d+: '/.test(text)) return text;
  const given = text.lastIndexOf("': StdinData: ");
  return (given < 0 ? text : text.slice(0, given + 1)).replace(/(?:\n')+$/, '');
}

/** Who has a router's address, where the plugin found that somebody has. */
export interface AddressHolder {
  readonly ip: string;
  readonly mac: string;
}

/**
 * Not where it is a pod of the router itself, which is about to end.
 *
 * @param text what `decodeSandboxError` or an operator made of it
 */
export function findAddressHolders(text: string): readonly AddressHolder[] {
  if (text.includes("that is this router's own MAC")) return [];
  return [...text.matchAll(inUse)].map(([, ip = '', mac = '']) => ({ ip, mac }));
}

const inUse = /address (\S+) is in use: (\S+) on the network of \S+ answers for it/g;

/** Libraries append a CNI error's `details` to its `msg`; those of our plugin are a code, for programs. */
const detailsCode = /; [a-z]+(-[a-z]+)+$/;

const wrappings: readonly RegExp[] = [
  /rpc error: code = \w+ desc = /g,
  /failed to (?:setup|set up|destroy|teardown) (?:pod )?network for sandbox [^:]*: /gi,
  /failed \((?:add|delete)\): (?:\[[^\]]*\]: )?/g,
  /error (?:adding|deleting) (?:container|pod [^ ]+) (?:to|from) (?:CNI )?network "[^"]*": /g,
  /CNI request failed with status \d+: ['"]?/g,
  / ERRORED: (?:error configuring pod \[[^\]]*\] networking: )?(?:Multus: \[[^\]]*\]: (?:error loading k8s delegates k8s args: )?)?/g,
  /\bgetKubernetesDelegate: |\bGetCNIConfig: err in getCNIConfigFromSpec: /g,
];

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
