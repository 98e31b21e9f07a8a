import { expect, test } from 'vitest';
import { readYamlFile } from '#language/document.ts';
import { hintsIn } from '#language/features/hints.ts';
import { router } from './cursor.ts';

/** `wanted`: the line with each hint where it is shown, between ‹ and ›. */
function check(title: string, text: string, wanted: readonly string[], from = 0): void {
  test(title, () => {
    const hints = hintsIn(readYamlFile(text), { start: from, end: text.length });
    const shown = hints
      .toSorted((a, b) => a.offset - b.offset)
      .map(({ label, offset, tooltip }) => {
        expect(tooltip).not.toBe('');
        const start = text.lastIndexOf('\n', offset - 1) + 1;
        const end = text.indexOf('\n', offset);
        return `${text.slice(start, offset)}‹${label}›${text.slice(offset, end)}`.trim();
      });
    expect(shown).toEqual(wanted);
  });
}

const inSpec = 'spec:‹mode: Redirect · macvlan: Bridge · master: NIC in 192.168.12.0/24›';
const portless = router.replace('        targetPort: 80\n', '');
const whole = `${router}  mode: Redirect\n  networkInterface:\n    macvlan:\n      mode: Private\n      master: enp1s0\n`;

check('all that is not written', portless, [inSpec, 'destinationIP: 203.0.113.25‹:8080›']);
check('all is written', whole, []);
check('a template, which may write it', `${portless}  {{- include "rest" . | nindent 2 }}\n`, []);
check('a template in another document', `${portless}---\na: {{ .b }}\n`, [
  inSpec,
  'destinationIP: 203.0.113.25‹:8080›',
]);
check('a comment behind the value', portless.replace('.113.25', '.113.25 # partner'), [
  inSpec,
  'destinationIP: 203.0.113.25‹:8080› # partner',
]);
check('a macvlan without a mode', whole.replace('      mode: Private\n', ''), ['macvlan:‹mode: Bridge›']);
check('a macvlan without a master', whole.replace('      master: enp1s0\n', ''), [
  'macvlan:‹master: NIC in 192.168.12.0/24›',
]);
check(
  'addresses of two families',
  whole.replace('  redirect:', '    - ip: fd12::99/64\n  redirect:').replace('        targetPort: 80\n', ''),
  ['destinationIP: 203.0.113.25‹:8080›', 'destinationIP: 203.0.113.25‹seen as 192.168.12.99›'],
);
check('a rule that cannot be read', portless.replace('8080', 'x'), [inSpec]);
check(
  'only what is asked for',
  `${portless}---\n${portless}`,
  [inSpec, 'destinationIP: 203.0.113.25‹:8080›'],
  portless.length + 4,
);
check('another kind', 'kind: Service\nspec:\n  ports: []\n', []);
