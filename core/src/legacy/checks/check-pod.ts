import { parseIfName } from '#core/net/ifname.ts';
import type { Fix, Path, ValueEdit } from '#core/problem.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { macvlanAnnotation } from '../detect.ts';
import { shown, valueAt } from '../fields.ts';
import type { LegacyContainer, LegacyReading } from '../parse.ts';
import { type LegacyProblem, legacyProblem } from '../problems.ts';
import { isFilledIn } from '../setting.ts';

/** Whether OpenShift SDN gives the pod its second interface. */
export function checkAnnotation(reading: LegacyReading): readonly LegacyProblem[] {
  const { value, path } = reading.annotation;
  if (value === undefined || value === 'false') return [missingAnnotation(reading)];
  if (typeof value !== 'string') {
    const isScalar = typeof value === 'boolean' || typeof value === 'number';
    const text = isScalar ? String(value) : 'true';
    const message = `The value of an annotation has to be a string; the API refuses ${shown(value)}. Put it in quotes.`;
    const fix: Fix = {
      title: `Use "${text}"`,
      edits: [{ kind: 'replace', path, value: text }],
      ...(value === true ? { isSafe: true } : {}),
    };
    return [
      legacyProblem(
        'error',
        'legacy-annotation-invalid',
        path,
        message,
        isScalar || value === null ? [fix] : [],
      ),
    ];
  }
  if (value === 'true' || isFilledIn(value)) return [];
  const useTrue: Fix = { title: 'Use "true"', edits: [{ kind: 'replace', path, value: 'true' }] };
  if (isMeantAsTrue(value)) {
    const message = `OpenShift SDN takes "${value}" for the name of a network card: write "true", in lower case.`;
    return [legacyProblem('warning', 'legacy-annotation-invalid', path, message, [useTrue])];
  }
  if (parseIfName(value) !== undefined) return [];
  const message = `${JSON.stringify(value)} is neither "true" nor the name of a network card: 1 to 15 characters without spaces, "/" or ":".`;
  return [legacyProblem('error', 'legacy-annotation-invalid', path, message, [useTrue])];
}

/** Also how `true` is written elsewhere; OpenShift SDN itself takes all but `true` for the name of a card. */
export function isMeantAsTrue(value: string): boolean {
  return /^(true|yes|y|on|1)$/i.test(value);
}

export function checkImage({ router, annotation }: LegacyReading): readonly LegacyProblem[] {
  if (router !== undefined || annotation.value === undefined) return [];
  const message =
    'No container of this pod runs an egress router image or has EGRESS_SOURCE, so nothing sets up the interface that the annotation asks for.';
  return [{ ...legacyProblem('warning', 'legacy-image-missing', annotation.path, message), at: 'key' }];
}

/** One privileged container is enough for OpenShift SDN, but it is the router that needs the rights. */
export function checkPrivileged(
  { containers, object }: LegacyReading,
  { path }: LegacyContainer,
): readonly LegacyProblem[] {
  if (containers.some(({ isPrivileged }) => isPrivileged)) return [];
  const at = [...path, 'securityContext'];
  const message =
    'No container is privileged: OpenShift SDN refuses to start the pod. Set "privileged: true" in the securityContext of the router.';
  const fixes = privilegedEdits(object, at).map(
    (edit): Fix => ({ title: 'Set "privileged: true"', edits: [edit] }),
  );
  const privileged = [...at, 'privileged'];
  const place = [privileged, at].find((one) => valueAt(object, one) !== undefined) ?? path;
  return [legacyProblem('error', 'legacy-not-privileged', place, message, fixes)];
}

function privilegedEdits(object: unknown, path: Path): readonly ValueEdit[] {
  const context = valueAt(object, path);
  if (context === undefined) return [{ kind: 'add', path, value: { privileged: true } }];
  if (!isJsonObject(context)) return [];
  const at = [...path, 'privileged'];
  const isThere = Object.hasOwn(context, 'privileged');
  if (isThere && isJsonObject(context['privileged'])) return [];
  return [isThere ? { kind: 'replace', path: at, value: true } : { kind: 'add', path: at, value: true }];
}

function missingAnnotation({ annotation, object, place }: LegacyReading): LegacyProblem {
  const code = 'legacy-annotation-missing';
  const { value, path, misplaced } = annotation;
  if (value !== undefined) {
    const message = 'With "false" the pod gets no second interface, and the router ends: write "true".';
    const fix: Fix = { title: 'Use "true"', edits: [{ kind: 'replace', path, value: 'true' }] };
    return legacyProblem('error', code, path, message, [fix]);
  }
  const wanted = misplaced === undefined ? 'true' : valueAt(object, misplaced);
  const edit = addAnnotation(object, place.podPath, typeof wanted === 'string' ? wanted : 'true');
  const edits = edit === undefined ? [] : [edit];
  if (misplaced !== undefined) {
    const message = `The annotation stands on the ${place.kind}; OpenShift SDN looks for it on the pod. Move it into the metadata of the pod template.`;
    const fix: Fix = {
      title: 'Move it to the pod template',
      edits: [...edits, { kind: 'remove', path: misplaced }],
    };
    return {
      ...legacyProblem('error', code, misplaced, message, edits.length === 0 ? [] : [fix]),
      at: 'key',
    };
  }
  const message = `The pod lacks the annotation ${macvlanAnnotation}: "true", and so gets no second interface; the router ends.`;
  const fixes = edits.length === 0 ? [] : [{ title: 'Add the annotation', edits }];
  const metadata = [...place.podPath, 'metadata'];
  const at = valueAt(object, metadata) === undefined ? place.podPath : metadata;
  return { ...legacyProblem('error', code, at, message, fixes), at: 'key' };
}

/** Undefined where something else stands in the way. */
function addAnnotation(object: unknown, podPath: Path, value: string): ValueEdit | undefined {
  const metadata = [...podPath, 'metadata'];
  const annotations = [...metadata, 'annotations'];
  const entry = { [macvlanAnnotation]: value };
  if (isJsonObject(valueAt(object, annotations))) {
    return { kind: 'add', path: [...annotations, macvlanAnnotation], value };
  }
  if (valueAt(object, annotations) !== undefined) return undefined;
  if (isJsonObject(valueAt(object, metadata))) return { kind: 'add', path: annotations, value: entry };
  if (valueAt(object, metadata) !== undefined || !isJsonObject(valueAt(object, podPath))) return undefined;
  return { kind: 'add', path: metadata, value: { annotations: entry } };
}
