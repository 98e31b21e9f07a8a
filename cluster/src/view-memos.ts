import { isDeepStrictEqual } from 'node:util';
import type { InForce } from './in-force.ts';
import { Memo } from './memo.ts';
import type { Disagreements } from './service-steps.ts';
import type { RouterView } from './view.ts';

/** What was made of the objects of a router: most events change one of them, and the costly parts are about others. */
export class RouterMemos {
  readonly steps = new Memo<Disagreements>();
  readonly inForce = new Memo<InForce>();
  readonly pending = new Memo<string | undefined>();
  readonly view = new Memo<RouterView>(isDeepStrictEqual);
}

/** Those of the routers of one namespace. */
export class NamespaceMemos {
  readonly strays = new Memo<ReadonlyMap<string, Disagreements>>();
  readonly #routers = new Map<string, RouterMemos>();

  of(router: string): RouterMemos {
    const known = this.#routers.get(router) ?? new RouterMemos();
    this.#routers.set(router, known);
    return known;
  }

  keepOnly(routers: ReadonlySet<string>): void {
    for (const name of this.#routers.keys()) if (!routers.has(name)) this.#routers.delete(name);
  }
}
