import { isJsonObject } from '#core/schema/json-schema.ts';
import { generatedAgentObjects } from './agent-objects.generated.ts';
import type { AgentParts } from './agent-parts.ts';
import { operatorNamespace } from './names.ts';
import type { KubernetesObject } from './object.ts';

/** As `agent/deploy/overlays/kubernetes` has them, with that image and in that namespace. */
export function toAgentObjects(image: string, namespace: string): AgentParts {
  const { crd, namespace: home, rbac, admission, node, operator, nodeCleanup } = generatedAgentObjects;
  const placed = (object: KubernetesObject): KubernetesObject => ({
    ...object,
    metadata: object.metadata.namespace === undefined ? object.metadata : { ...object.metadata, namespace },
    ...('subjects' in object ? { subjects: inNamespace(object['subjects'], namespace) } : {}),
  });
  const running = (object: KubernetesObject): KubernetesObject => ({
    ...placed(object),
    spec: withImage(object['spec'], image),
  });
  return {
    crd,
    namespace: { ...home, metadata: { ...home.metadata, name: namespace } },
    rbac: rbac.map(placed),
    admission,
    node: running(node),
    operator: running(operator),
    nodeCleanup: running(nodeCleanup),
  };
}

/** Why a text cannot be an image reference; undefined where it can. */
export function faultOfImage(text: string): string | undefined {
  if (text === '') return 'It is empty.';
  if (text.includes('://')) return 'It begins with a scheme; an image reference has none.';
  if (/[A-Z]/.test(text.replace(/[:@][^/]*$/, '').replace(/^[^/]*\//, ''))) {
    return 'The name of an image has lower-case letters only.';
  }
  return imagePattern.test(text)
    ? undefined
    : 'It has to be like registry.example/egress-router-agent:0.1.0.';
}

const imagePattern =
  /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/|\[[0-9a-fA-F:]+\](?::\d+)?\/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@[a-z0-9]+:[0-9a-f]{32,})?$/;

function inNamespace(subjects: unknown, namespace: string): unknown {
  if (!Array.isArray(subjects)) return subjects;
  return subjects.map((subject: unknown) =>
    isJsonObject(subject) && subject['namespace'] === operatorNamespace ? { ...subject, namespace } : subject,
  );
}

/** Wherever a field `image` stands: the templates have one container each, and no other such field. */
function withImage(value: unknown, image: string): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withImage(item, image));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === 'image' ? image : withImage(inner, image)]),
  );
}
