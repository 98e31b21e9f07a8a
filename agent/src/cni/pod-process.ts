import type { PodFacts } from '#core/attachment/facts.ts';
import type { Target } from './invocation.ts';
import type { Log } from './log.ts';
import type { Platform } from './platform.ts';
import type { Tools } from './tools.ts';

/** What the process inside the pod's namespace works with. */
export interface PodProcess {
  readonly platform: Platform;
  readonly tools: Tools;
  readonly log: Log;
  readonly target: Target;
  /** The way back to the namespace of the node, for the tools that take a path. */
  readonly nodeNetns: string;
  /** The pod as this process found it. */
  readonly podFacts: () => Promise<PodFacts>;
}
