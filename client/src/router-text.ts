/**
 * True where a text may hold an EgressRouter. A scan and no more, since it runs on every YAML document that is
 * opened: it may be true for a comment, and is never false for a document the API server would take as one.
 */
export function mentionsEgressRouter(text: string): boolean {
  // The second spelling meets a router whose kind is still being typed.
  return text.includes('EgressRouter') || text.includes('network.operator.openshift.io');
}

/** Longer texts are not scanned: no person writes a manifest of this length (UTF-16 code units). */
export const scanLimit = 8_000_000;
