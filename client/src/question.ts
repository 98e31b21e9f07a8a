export interface Question {
  /** True where something is lost or wrong, so that it looks like it. */
  readonly isGrave?: boolean;
  readonly message: string;
  readonly detail: string;
  readonly action: string;
}

export interface Decision extends Question {
  readonly others: readonly string[];
  /** The one of `others` that Enter chooses in place of the action, where that does harm. */
  readonly preferred?: string;
}

/** As they are given to the editor: the first is the one that Enter chooses. */
export function buttonsOf({
  action,
  others,
  preferred,
}: Pick<Decision, 'action' | 'others' | 'preferred'>): readonly string[] {
  const rest = [action, ...others].filter((button) => button !== preferred);
  return preferred === undefined ? rest : [preferred, ...rest];
}
