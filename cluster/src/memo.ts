/** The last result of a function, for as long as what it was made of stays the same. */
export class Memo<Value> {
  readonly #areEqual: (before: Value, after: Value) => boolean;
  #last: { readonly inputs: readonly unknown[]; readonly value: Value } | undefined;

  /** @param areEqual of two such values the first one stays. Absent: no two are. */
  constructor(areEqual: (before: Value, after: Value) => boolean = () => false) {
    this.#areEqual = areEqual;
  }

  /** @param inputs compared one by one, objects by identity */
  of(inputs: readonly unknown[], make: () => Value): Value {
    const last = this.#last;
    const isSame =
      last?.inputs.length === inputs.length && inputs.every((input, index) => input === last.inputs[index]);
    if (last !== undefined && isSame) return last.value;
    const made = make();
    const value = last !== undefined && this.#areEqual(last.value, made) ? last.value : made;
    this.#last = { inputs, value };
    return value;
  }
}
