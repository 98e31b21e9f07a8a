/**
 * Wherever in a line it stands, `##[name …]` is a command to the runner of GitHub Actions, `##vso[…]` to the agent of
 * Azure Pipelines, `##teamcity[…]` to that of TeamCity: a value in a manifest could be one. The first character of
 * each is written as `mark`: an escape that is read back as `#`, or one that shows.
 */
export function withoutLogCommands(text: string, mark: string): string {
  return text.replaceAll(/#(?=#\w*\[)/g, () => mark);
}
