/** What an unquoted scalar is to YAML 1.2 (its core schema), of those that have no odd reading. */
export function plainScalar(source: string): string | number | boolean | null {
  const first = source.charCodeAt(0);
  if (first <= 0x39) return decimal.test(source) ? Number(source) : source;
  switch (source) {
    case '~':
    case 'null':
    case 'Null':
    case 'NULL':
      return null;
    case 'true':
    case 'True':
    case 'TRUE':
      return true;
    case 'false':
    case 'False':
    case 'FALSE':
      return false;
    default:
      return source;
  }
}

/**
 * Whether readers of YAML 1.1 and 1.2 may take an unquoted scalar differently, or it is a number of any kind
 * but a plain decimal one.
 */
export function hasOddReading(source: string): boolean {
  const first = source.charCodeAt(0);
  if (first <= 0x39) return !decimal.test(source) && (oddNumber.test(source) || timestamp.test(source));
  return source.length <= 3 && oddWord.test(source);
}

/** As many digits as a number holds exactly. */
const decimal = /^(?:0|-?[1-9][0-9]{0,14})$/;
const oddNumber =
  /^[-+]?(?:0b[01_]+|0o[0-7_]+|0x[\da-fA-F_]+|\d[\d_]*(?::[0-5]?\d)*(?:\.[\d_]*)?(?:[eE][-+]?\d+)?|\.[\d_]+(?:[eE][-+]?\d+)?|\.inf|\.nan)$/i;
const timestamp = /^\d{4}-\d\d?-\d\d?(?:[Tt ]|$)/;
const oddWord = /^(?:y|n|yes|no|on|off)$/i;
