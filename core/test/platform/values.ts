import type { EgressRouter } from '#core/egress-router/model.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { type Cidr, parseCidr } from '#core/net/cidr.ts';
import { manifest } from '../egress-router/manifests.ts';

/** @param fields of the spec */
export function routerOf(fields: Readonly<Record<string, unknown>> = {}): EgressRouter {
  const { router, problems } = parseRouter(manifest(fields));
  if (router === undefined) throw new Error(problems.map(({ message }) => message).join(' '));
  return router;
}

export function cidrs(texts: readonly string[]): readonly Cidr[] {
  return texts.map((text) => {
    const cidr = parseCidr(text);
    if (cidr === undefined) throw new Error(text);
    return cidr;
  });
}
