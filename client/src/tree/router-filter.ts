import type { RouterView } from '#cluster/view.ts';
import { stateText } from './router-node.ts';

/** Finds routers by what a person types. It keeps what can be found of a router as long as that is the same. */
export class RouterFilter {
  readonly #texts = new WeakMap<RouterView, string>();

  /** Those in which every word of `filter` occurs, in whatever case and place. */
  matching(routers: readonly RouterView[], filter: string): readonly RouterView[] {
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return routers;
    return routers.filter((router) => {
      const text = this.#textOf(router);
      return words.every((word) => text.includes(word));
    });
  }

  #textOf(router: RouterView): string {
    const known = this.#texts.get(router);
    if (known !== undefined) return known;
    const text = findable(router);
    this.#texts.set(router, text);
    return text;
  }
}

/** Name, namespace, addresses, destinations and state. A blank stands between them, which no word has in it. */
function findable({ namespace, name, state, addresses, rules, fallbackIP }: RouterView): string {
  return [
    `${namespace}/${name}`,
    stateText(state),
    ...addresses.map(({ ip }) => ip),
    ...rules.map(({ destinationIP, port, protocol }) => `${destinationIP} ${port}/${protocol}`),
    fallbackIP ?? '',
  ]
    .join(' ')
    .toLowerCase();
}
