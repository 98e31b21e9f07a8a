// The entry that VS Code loads.
import { runFolder } from './run-folder.ts';

export const run = (): Promise<void> => runFolder(__dirname);
