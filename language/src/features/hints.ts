import { inEffect } from '#core/egress-router/in-effect.ts';
import type { RouterReading } from '#core/egress-router/parse.ts';
import { familyOfCidr, ipOf, networkOf } from '#core/net/cidr.ts';
import { familyOf } from '#core/net/ip.ts';
import type { Path } from '#core/problem.ts';
import type { YamlFile } from '../document.ts';
import { type RouterObject, valueAt } from '../objects.ts';
import { overlaps, overlapsAny, type Span } from '../text/span.ts';
import type { Parsed } from '../yaml/parsed.ts';
import { isWritten, spanOf } from '../yaml/source-map.ts';
import { objectSpan } from './routers.ts';

/** What holds though it is not written, told at the end of something that is. */
export interface Hint {
  readonly label: string;
  readonly tooltip: string;
  readonly offset: number;
  /** It continues the text before it: no blank between them. */
  readonly isClose?: true;
}

/** Within a part of the file only: the documents elsewhere are not looked at. */
export function hintsIn(file: YamlFile, range: Span): readonly Hint[] {
  return file.slices.flatMap(({ content, start, text }) => {
    if (content === undefined || !overlaps({ start, end: start + text.length }, range)) return [];
    const parsed = content.source.parsed();
    return content.objects
      .flatMap((object) => {
        if (object.kind !== 'router') return [];
        // What is not written there, a template may write.
        if (overlapsAny(parsed.holes, objectSpan(text, parsed, object.root))) return [];
        return hintsOf(parsed, { ...object, reading: inEffect(object.reading, content.reconciler) });
      })
      .map((hint) => ({ ...hint, offset: hint.offset + start }))
      .filter(({ offset }) => range.start <= offset && offset <= range.end);
  });
}

function hintsOf(parsed: Parsed, { root, reading }: RouterObject): readonly Hint[] {
  const at = (path: Path): Path => [...root, ...path];
  return [
    ...defaultsOfSpec(parsed, at, reading),
    ...reading.rules.flatMap((rule, index) => {
      if (rule === undefined) return [];
      const path = at(['spec', 'redirect', 'redirectRules', index]);
      const { end: offset } = spanOf(parsed, { path: [...path, 'destinationIP'] });
      const port = isWritten(parsed, [...path, 'targetPort'])
        ? []
        : [
            {
              label: `:${rule.port}`,
              tooltip: `There is no targetPort: connections go to port ${rule.port} of the server.`,
              offset,
              isClose: true as const,
            },
          ];
      const source = sourceOf(reading, familyOf(rule.destination));
      return source === undefined ? port : [...port, { ...source, offset }];
    }),
  ];
}

/** Of a router with addresses of both families: by which of them a server sees it. */
function sourceOf({ addresses }: RouterReading, family: 4 | 6): Pick<Hint, 'label' | 'tooltip'> | undefined {
  const read = addresses.filter((one) => one !== undefined);
  const own = read.find(({ address }) => familyOfCidr(address) === family);
  if (own === undefined || read.every(({ address }) => familyOfCidr(address) === family)) return undefined;
  const ip = ipOf(own.address);
  return { label: `seen as ${ip}`, tooltip: `The first IPv${family} address of the router.` };
}

function defaultsOfSpec(parsed: Parsed, at: (path: Path) => Path, reading: RouterReading): readonly Hint[] {
  const interfacePath = at(['spec', 'networkInterface']);
  const macvlanPath = [...interfacePath, 'macvlan'];
  const nic = nicOf(reading);
  const master = nic === undefined ? [] : [nic];
  const bridge = { label: 'mode: Bridge', tooltip: 'Routers on the same NIC reach each other directly.' };
  if (!isWritten(parsed, at(['spec']))) return [];
  const isModeWritten = isWritten(parsed, at(['spec', 'mode']));
  const isMacvlanWritten = isWritten(parsed, macvlanPath);
  const inMacvlan = [
    ...(isWritten(parsed, [...macvlanPath, 'mode']) ? [] : [bridge]),
    ...(isWritten(parsed, [...macvlanPath, 'master']) ? [] : master),
  ];
  const inSpec = [
    ...(isModeWritten ? [] : [{ label: 'mode: Redirect', tooltip: 'The only mode there is.' }]),
    ...(isMacvlanWritten ? [] : [{ ...bridge, label: 'macvlan: Bridge' }, ...master]),
  ];
  return [
    ...joined(parsed, at(['spec']), inSpec),
    ...(isMacvlanWritten ? joined(parsed, macvlanPath, inMacvlan) : []),
  ];
}

/** Without a master, the NIC is told by the router's address. */
function nicOf({ addresses, macvlan }: RouterReading): Pick<Hint, 'label' | 'tooltip'> | undefined {
  const address = addresses[0]?.address;
  if (address === undefined || macvlan.master !== undefined) return undefined;
  const network = networkOf(address);
  return {
    label: `master: NIC in ${network}`,
    tooltip: `No master is named: it is the NIC of the node that has an address in ${network}.`,
  };
}

/** One hint behind the colon of a key. */
function joined(
  parsed: Parsed,
  path: Path,
  parts: readonly Pick<Hint, 'label' | 'tooltip'>[],
): readonly Hint[] {
  if (parts.length === 0 || valueAt(parsed.value, path) === undefined) return [];
  const { end } = spanOf(parsed, { path, at: 'key' });
  const colon = /^[ \t]*:/.exec(parsed.text.slice(end))?.[0].length ?? 0;
  return [
    {
      label: parts.map(({ label }) => label).join(' · '),
      tooltip: parts.map(({ tooltip }) => tooltip).join('\n\n'),
      offset: end + colon,
    },
  ];
}
