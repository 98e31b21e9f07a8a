import { parseCidr } from '#core/net/cidr.ts';
import { parseIp4, parseIp6 } from '#core/net/ip.ts';
import { parseMac } from '#core/net/mac.ts';

/** Formats that this project's schemas use; a format not listed admits everything, as in Kubernetes. */
export function matchesFormat(format: string, value: string): boolean {
  switch (format) {
    case 'ipv4':
      return parseIp4(value) !== undefined;
    case 'ipv6':
      return parseIp6(value) !== undefined;
    case 'cidr':
      return parseCidr(value) !== undefined;
    case 'mac':
      return parseMac(value) !== undefined;
    case 'date-time':
      return dateTime.test(value);
    default:
      return true;
  }
}

/** RFC 3339 §5.6, without a look at the calendar. */
const dateTime =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
