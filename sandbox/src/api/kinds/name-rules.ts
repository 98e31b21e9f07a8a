/** @returns what is wrong with a text, in Kubernetes' words, or undefined where nothing is. */
export type TextRule = (text: string) => string | undefined;

export const subdomain = rule(
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  253,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must " +
    "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
);

export const dnsLabel = rule(
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  63,
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and " +
    "end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is " +
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
);

/** RBAC objects: anything that can stand between two slashes of a path. */
export const pathSegment: TextRule = (text) => {
  if (text === '.' || text === '..') return `may not be '${text}'`;
  if (text.includes('/')) return "may not contain '/'";
  return text.includes('%') ? "may not contain '%'" : undefined;
};

export const labelValue = rule(
  /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/,
  63,
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must " +
    "start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used " +
    "for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
);

const qualifiedPart = rule(
  /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/,
  63,
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
    "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
);

/** Keys of labels and annotations, and finalizers: a name with an optional domain before a slash. */
export const qualifiedName: TextRule = (text) => {
  const [first = '', second, ...rest] = text.split('/');
  if (rest.length > 0) return qualifiedPart(text);
  if (second === undefined) return qualifiedPart(first);
  const prefix = subdomain(first);
  return prefix === undefined ? qualifiedPart(second) : `prefix part ${prefix}`;
};

function rule(pattern: RegExp, longest: number, message: string): TextRule {
  return (text) => {
    if (text.length > longest) return `must be no more than ${longest} characters`;
    return pattern.test(text) ? undefined : message;
  };
}
