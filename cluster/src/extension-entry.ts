import type { OpenCluster } from './api.ts';
import { openSession } from './session.ts';

/** All that `dist/cluster.cjs` exports. */
export const openCluster: OpenCluster = async (options) => openSession(options);
