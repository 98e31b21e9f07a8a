/** An Ethernet address in lower case with colons, `0a:58:c0:a8:0c:63`. */
export type Mac = string & { readonly __brand: 'Mac' };

/** @returns undefined unless the text is six octets of a unicast address other than zero. */
export function parseMac(text: unknown): Mac | undefined {
  if (typeof text !== 'string' || !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text)) return undefined;
  const mac = text.toLowerCase();
  const isMulticast = (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
  return isMulticast || mac === '00:00:00:00:00:00' ? undefined : (mac as Mac);
}
