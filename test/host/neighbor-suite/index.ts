// The entry that VS Code loads; see ../suite/index.ts.
import { runFolder } from '../suite/run-folder.ts';

export const run = (): Promise<void> => runFolder(__dirname);
