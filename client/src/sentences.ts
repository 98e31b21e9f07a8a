/** A sentence begins with a capital, with the path of the field that it is about, or with a value of a template. */
export function sentencesOf(text: string): readonly string[] {
  return text.split(betweenSentences);
}

const betweenSentences = /(?<=[.!?])\s+(?=[A-Z]|\{\d+\}|(?:metadata|spec)\.\S+: )/;
