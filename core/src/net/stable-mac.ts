import { type Mac, parseMac } from './mac.ts';

/**
 * The MAC of whatever these names name: unicast and locally administered, so that no maker of hardware gives it
 * out, with 46 bits that depend on every character and on where one name ends and the next begins.
 */
export function stableMac(...names: readonly string[]): Mac {
  const text = names.map((name) => `${name}\n`).join('');
  const high = hash(text, 0x811c9dc5);
  const low = hash(text, 0x050c5d1f);
  const octets = [((high & 0x3f) << 2) | 2, high >>> 24, low >>> 24, low >>> 16, low >>> 8, low];
  const mac = parseMac(octets.map((octet) => (octet & 0xff).toString(16).padStart(2, '0')).join(':'));
  if (mac === undefined) throw new RangeError(`no MAC for ${text}`);
  return mac;
}

/** FNV-1a of the UTF-16 units, and the last step of MurmurHash3, which spreads the last characters. */
function hash(text: string, start: number): number {
  let value = start;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
