import { type TextDocument, workspace } from 'vscode';
import {
  holdsRouterLine,
  mayBeManifest,
  mayConcernEgressRouters,
  mentionsEgressRouter,
  mentionsLegacyRouter,
  scanLimit,
} from './router-text.ts';

/** The languages of manifests. Helm templates have one of their own, `helm`, and are left alone. */
export const manifestLanguages = ['yaml', 'json', 'jsonc'] as const;

/**
 * True for a text that the server is to have: YAML or a JSON manifest that a person writes. Not for what is only
 * looked at, such as the other side of a diff: there an old version would count as a second router.
 */
export function isServed(document: TextDocument): boolean {
  if (!isManifestLanguage(document) || !isWritten(document)) return false;
  return document.languageId === 'yaml' || (isScanned(document) && mayBeManifest(document.getText()));
}

/** True for a text for which the server is worth starting. */
export function startsServer(document: TextDocument): boolean {
  return isServed(document) && isScanned(document) && mayConcernEgressRouters(document.getText());
}

/** True for a text with a router in it that the commands can act on. */
export function holdsRouter(document: TextDocument): boolean {
  return isServed(document) && isScanned(document) && mentionsEgressRouter(document.getText());
}

/** As `holdsRouter`, where the scan alone is sure of it, or the text is too long to be read for a button. */
export function surelyHoldsRouter(document: TextDocument): boolean {
  const text = document.getText();
  return holdsRouter(document) && (text.length > longestJudged || holdsRouterLine(text));
}

/** UTF-16 code units: the server gives all routers of a text at once. */
const longestJudged = 200_000;

/** True for a text with a router of OpenShift SDN in it. */
export function holdsLegacy(document: TextDocument): boolean {
  return isServed(document) && isScanned(document) && mentionsLegacyRouter(document.getText());
}

export function isManifestLanguage({ languageId }: TextDocument): boolean {
  return manifestLanguages.some((one) => one === languageId);
}

function isWritten({ uri }: TextDocument): boolean {
  return (
    uri.scheme === 'untitled' ||
    workspace.fs.isWritableFileSystem(uri.scheme) === true ||
    // A folder that is open is worked in, though its file system may be read-only.
    workspace.getWorkspaceFolder(uri) !== undefined
  );
}

function isScanned(document: TextDocument): boolean {
  return document.getText().length <= scanLimit;
}
