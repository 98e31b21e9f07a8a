/**
 * True where a text may hold an EgressRouter. A scan and no more, since it runs on every YAML document that is
 * opened: it may be true for a comment, and is never false for a document the API server would take as one.
 */
export function mentionsEgressRouter(text: string): boolean {
  // The second spelling meets a router whose kind is still being typed.
  return text.includes('EgressRouter') || text.includes('network.operator.openshift.io');
}

/**
 * True where a text may concern egress routers, though it need not hold one: a NetworkAttachmentDefinition of the
 * plugin, a Service of the router's pods, a router of OpenShift SDN. As much of a scan as the other one.
 */
export function mayConcernEgressRouters(text: string): boolean {
  return (
    mentionsEgressRouter(text) || mentionsLegacyRouter(text) || otherMarks.some((mark) => text.includes(mark))
  );
}

/** True where a text may hold a router of OpenShift SDN, which can be migrated. */
export function mentionsLegacyRouter(text: string): boolean {
  return legacyMarks.some((mark) => text.includes(mark));
}

/** The plugin's type, label and images. */
const otherMarks = ['egress-router', 'egress-http-proxy', 'egress-dns-proxy'] as const;

/** The annotation and the variables of OpenShift SDN's routers. */
const legacyMarks = [
  'network.openshift.io/assign-macvlan',
  'EGRESS_SOURCE',
  'EGRESS_DESTINATION',
  'EGRESS_ROUTER_MODE',
] as const;

/**
 * True for YAML that holds nothing yet but comments and, perhaps, the beginning of a name of our manifests, which
 * all start alike.
 */
export function isBeginning(yaml: string): boolean {
  const lines = yaml.split(/\r?\n/).filter((line) => !/^\uFEFF?\s*(#.*|---\s*)?$/.test(line));
  const [word = '', ...others] = lines.map((line) => line.trim());
  return others.length === 0 && firstManifest.startsWith(word.slice(0, firstManifest.length).toLowerCase());
}

const firstManifest = 'egress-router';

/** True for JSON that may be a manifest; all other JSON stays with the editor. */
export function mayBeManifest(json: string): boolean {
  return json.includes('"apiVersion"') && json.includes('"kind"');
}

/**
 * True where a text holds EgressRouters and nothing else. By its lines, without parsing: a text that is broken,
 * or written in an unusual way, is none.
 */
export function holdsOnlyRouters(text: string): boolean {
  const documents = text.split(/^---.*$/m).filter((one) => /^[^#\s]/m.test(one));
  return documents.length > 0 && documents.every((one) => apiVersionLine.test(one) && kindLine.test(one));
}

/**
 * True where a text surely holds an EgressRouter, by one of its lines. It may be false for one that is written in an
 * unusual way, as JSON, or within a List.
 */
export function holdsRouterLine(text: string): boolean {
  return kindLine.test(text);
}

const apiVersionLine = /^apiVersion:[ \t]*["']?network\.operator\.openshift\.io\//m;
const kindLine = /^kind:[ \t]*["']?EgressRouter["']?[ \t]*(#.*)?\r?$/m;

/** Longer texts are not scanned: no person writes a manifest of this length (UTF-16 code units). */
export const scanLimit = 8_000_000;
