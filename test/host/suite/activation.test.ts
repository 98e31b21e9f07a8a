import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { extensions } from 'vscode';

suite('activation', () => {
  test('the extension is there and activates', async () => {
    const extension = extensions.getExtension('egress-router-tools.egress-router-tools');
    assert.ok(extension, 'VS Code does not know the extension');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
