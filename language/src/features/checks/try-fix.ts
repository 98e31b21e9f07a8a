import { applyEdits, type Edit } from '../../text/text-edit.ts';
import { type Parsed, parseSlice } from '../../yaml/parsed.ts';

/** Fixes of broken YAML are tried at each keystroke: in very long documents there is no time for it. */
export function canBeTried(text: string): boolean {
  return text.length <= 20_000;
}

/** Whether edits make the document one that can be read. */
export function makesSound({ text }: Parsed, edits: readonly Edit[]): boolean {
  return canBeTried(text) && parseSlice(applyEdits(text, edits)).faults.length === 0;
}
