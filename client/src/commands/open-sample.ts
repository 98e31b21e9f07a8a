import { Uri, window, workspace } from 'vscode';

/** A router to begin with, as a text that has no file yet. @param extension where the package is */
export async function openSample(extension: Uri): Promise<void> {
  const sample = await workspace.fs.readFile(Uri.joinPath(extension, 'samples', 'router.yaml'));
  const content = new TextDecoder().decode(sample);
  await window.showTextDocument(await workspace.openTextDocument({ language: 'yaml', content }));
}
