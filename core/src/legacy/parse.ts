import type { Path } from '#core/problem.ts';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { type LegacyPlace, macvlanAnnotation } from './detect.ts';
import { listAt, objectAt, valueAt, wordAt, wordsOf } from './fields.ts';
import { type LegacyImage, legacyImageOf } from './image.ts';
import { type Parameters, readParameters } from './parameters.ts';
import { isFilledIn, isNamed, readSetting, type Setting } from './setting.ts';

/** A router of OpenShift SDN as its manifest has it, fault or no fault. Paths count from the object. */
export interface LegacyReading {
  readonly place: LegacyPlace;
  /** The object itself. */
  readonly object: JsonObject;
  readonly name?: string;
  readonly namespace?: string;
  /** Of the pods. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotation: LegacyAnnotation;
  /** The pod, of which the object may be a template. */
  readonly pod: JsonObject;
  /** Init containers first, as they run. */
  readonly containers: readonly LegacyContainer[];
  /** The container that sets the network up. */
  readonly router?: LegacyContainer;
  /** Of the Template that the object is in, if any. */
  readonly parameters: Parameters;
  /** The name of that Template. */
  readonly template?: string;
}

export interface LegacyAnnotation {
  /** Absent where there is no annotation. */
  readonly value?: unknown;
  readonly path: Path;
  /** It stands on the object that makes the pods, where it has no effect. */
  readonly misplaced?: Path;
}

export interface LegacyContainer {
  readonly name?: string;
  readonly isInit: boolean;
  /** Which image of the platform it runs. */
  readonly image?: LegacyImage;
  readonly isPrivileged: boolean;
  readonly path: Path;
  readonly value: JsonObject;
  readonly mode: Setting;
  readonly source: Setting;
  readonly gateway: Setting;
  readonly destination: Setting;
  readonly httpProxy: Setting;
  readonly dnsProxy: Setting;
}

/**
 * Reads what `legacyRoutersIn` has found. Never throws.
 * @param document the document that the place was found in
 */
export function readLegacyRouter(document: unknown, place: LegacyPlace): LegacyReading {
  const object = objectAt(valueAt(document, place.root));
  const metadata = objectAt(object['metadata']);
  const pod = objectAt(valueAt(object, place.podPath));
  const name = wordAt(metadata['name']);
  const namespace = wordAt(metadata['namespace']);
  const containers = readContainers(pod, place.podPath);
  const router = findRouter(containers);
  const template = place.template === undefined ? undefined : valueAt(document, place.template);
  return {
    place,
    object,
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    labels: wordsOf(objectAt(pod['metadata'])['labels']),
    annotation: readAnnotation(object, place),
    pod,
    containers,
    ...(router === undefined ? {} : { router }),
    parameters: readParameters(template),
    ...(template === undefined ? {} : { template: nameOfTemplate(template) }),
  };
}

/** By which its objects are told from those of others; empty where it has none. */
export function nameOfTemplate(template: unknown): string {
  return wordAt(valueAt(template, ['metadata', 'name'])) ?? '';
}

/** The proxy that the pod is, where it is one: it hands on requests, not connections. */
export function proxyOf({
  router,
  containers,
}: LegacyReading): { readonly kind: 'http-proxy' | 'dns-proxy'; readonly path: Path } | undefined {
  const { mode } = router ?? {};
  if (mode?.kind === 'text' && (mode.text === 'http-proxy' || mode.text === 'dns-proxy')) {
    return { kind: mode.text, path: mode.path };
  }
  for (const { image, path, httpProxy, dnsProxy } of containers) {
    if (image === 'http-proxy' || image === 'dns-proxy') return { kind: image, path: [...path, 'image'] };
    if (isNamed(httpProxy)) return { kind: 'http-proxy', path: placeOf(httpProxy, path) };
    if (isNamed(dnsProxy)) return { kind: 'dns-proxy', path: placeOf(dnsProxy, path) };
  }
  return undefined;
}

/** Where a setting is written; what is absent stands nowhere but in its container. */
export function placeOf(setting: Setting, container: Path): Path {
  switch (setting.kind) {
    case 'absent':
      return container;
    case 'config-map':
      return setting.reference.path;
    case 'text':
    case 'not-text':
    case 'elsewhere':
      return setting.path;
  }
}

function readAnnotation(object: JsonObject, { podPath }: LegacyPlace): LegacyAnnotation {
  const within = ['metadata', 'annotations', macvlanAnnotation];
  const path = [...podPath, ...within];
  const value = valueAt(object, path);
  const isMisplaced = value === undefined && valueAt(object, within) !== undefined;
  return { ...(value === undefined ? {} : { value }), path, ...(isMisplaced ? { misplaced: within } : {}) };
}

function readContainers(pod: JsonObject, podPath: Path): readonly LegacyContainer[] {
  const spec = objectAt(pod['spec']);
  return (['initContainers', 'containers'] as const).flatMap((field) =>
    listAt(spec[field]).map((entry, index) =>
      readContainer(objectAt(entry), [...podPath, 'spec', field, index], field === 'initContainers'),
    ),
  );
}

function readContainer(value: JsonObject, path: Path, isInit: boolean): LegacyContainer {
  const name = wordAt(value['name']);
  const image = legacyImageOf(value['image']);
  const { privileged } = objectAt(value['securityContext']);
  const setting = (variable: string): Setting => readSetting(value, path, variable);
  return {
    ...(name === undefined ? {} : { name }),
    isInit,
    ...(image === undefined ? {} : { image }),
    // What a parameter will say is not known.
    isPrivileged: privileged === true || (typeof privileged === 'string' && isFilledIn(privileged)),
    path,
    value,
    mode: setting('EGRESS_ROUTER_MODE'),
    source: setting('EGRESS_SOURCE'),
    gateway: setting('EGRESS_GATEWAY'),
    destination: setting('EGRESS_DESTINATION'),
    httpProxy: setting('EGRESS_HTTP_PROXY_DESTINATION'),
    dnsProxy: setting('EGRESS_DNS_PROXY_DESTINATION'),
  };
}

/** That the pod is a router is known: here a variable tells as much as the image, which may have been renamed. */
function findRouter(containers: readonly LegacyContainer[]): LegacyContainer | undefined {
  return (
    containers.find(({ image }) => image === 'router') ??
    containers.find(({ image, source }) => image === undefined && isNamed(source))
  );
}
