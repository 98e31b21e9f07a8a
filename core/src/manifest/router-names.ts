import { textHash } from '../text-hash.ts';
import { appLabelValue, configMapName, deploymentName, nadName } from './names.ts';

/** What the objects of one router are called. */
export interface RouterNames {
  readonly nad: string;
  readonly configMap: string;
  readonly deployment: string;
  /** What the label `app` says on the router's pods. */
  readonly app: string;
}

/** The names that the platform documents, which one router of a namespace can have. */
export const documentedNames: RouterNames = {
  nad: nadName,
  configMap: configMapName,
  deployment: deploymentName,
  app: appLabelValue,
};

/**
 * The names of a router that cannot have the documented ones. Those of two routers of a namespace differ, but for
 * long names or such with dots that have one hash: whoever finds an object of another router must leave it alone.
 */
export function namesOfFurther(routerName: string): RouterNames {
  const isPlain = !routerName.includes('.') && routerName.length <= longestPlain;
  const own = isPlain ? routerName : shortened(routerName.replaceAll('.', '-'), routerName, longestPlain);
  const prefix = `${appLabelValue}-${own}`;
  const deployment = `${prefix}-deployment`;
  return { nad: `${prefix}-nad`, configMap: `${prefix}-config`, deployment, app: deployment };
}

/** The name of a router as the value of a label, which is shorter than a name may be. */
export function routerLabelValue(routerName: string): string {
  return routerName.length <= longestLabel ? routerName : shortened(routerName, routerName, longestLabel);
}

const longestLabel = 63;
const longestPlain = longestLabel - `${appLabelValue}--deployment`.length;

function shortened(text: string, whole: string, length: number): string {
  const hash = textHash(whole);
  const start = text.slice(0, length - hash.length - 1).replace(/[^a-z0-9]+$/, '');
  return `${start}-${hash}`;
}
