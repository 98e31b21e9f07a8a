/**
 * The sentence of the CNI plugin inside what the kubelet says when a pod gets no network. Runtime, Multus and
 * library each put their own words around it:
 * `Failed to create pod sandbox: … plugin type="multus" … failed (add): [ns/pod/uid:nad]: error adding container
 * to network "nad": the sentence`.
 */
export function decodeSandboxError(text: string): string {
  const inner = [...wrappings].reduce((rest, wrapping) => {
    const found = [...rest.matchAll(wrapping)].at(-1);
    return found === undefined ? rest : rest.slice(found.index + found[0].length);
  }, text);
  const sentence = inner.replace(/\s+/g, ' ').replace(detailsCode, '').trim();
  if (/unexpected end of JSON input/.test(sentence)) {
    return 'The CNI plugin failed and gave no reason. Look at the node: its NICs, and the plugin’s log file.';
  }
  return sentence === '' ? text.trim() : sentence;
}

/** Libraries append a CNI error's `details` to its `msg`; those of our plugin are a code, for programs. */
const detailsCode = /; [a-z]+(-[a-z]+)+$/;

const wrappings: readonly RegExp[] = [
  /rpc error: code = \w+ desc = /g,
  /failed to (?:setup|set up) (?:pod )?network for sandbox [^:]*: /gi,
  /failed \(add\): (?:\[[^\]]*\]: )?/g,
  /error adding (?:container|pod [^ ]+) to (?:CNI )?network "[^"]*": /g,
  /CNI request failed with status \d+: ['"]?/g,
];
