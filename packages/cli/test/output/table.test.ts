import { expect, test } from 'vitest';
import { shortIds } from '../../src/output/short-ids.ts';
import { styleOf } from '../../src/output/style.ts';
import { details, table } from '../../src/output/table.ts';
import { printable, textWidth } from '../../src/output/text-width.ts';

const plain = styleOf(false, 0);
const colourful = styleOf(true, 0);
const columns = [
  { title: 'Name', value: ({ name }: { name: string }) => name },
  { title: 'Size', value: ({ size }: { size: string | null }) => size, align: 'right' as const },
];

test('columns are aligned, with nothing at the ends of lines and no lines drawn', () => {
  const rows = [
    { name: 'a', size: '1' },
    { name: 'longer', size: null },
  ];
  expect(table(plain, rows, columns)).toBe('Name    Size\na          1\nlonger     -');
});

test('characters that take two columns are counted as two', () => {
  expect(textWidth('漢字')).toBe(4);
  expect(textWidth('e\u0301')).toBe(1);
  const lines = table(plain, [{ name: '漢字', size: '1' }], columns).split('\n');
  expect(lines).toEqual(['Name  Size', '漢字     1']);
});

test('colours do not disturb the alignment', () => {
  const text = table(colourful, [{ name: 'a', size: '1' }], columns);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape sequences
  expect(text.replaceAll(/\u001b\[\d+m/g, '')).toBe('Name  Size\na        1');
  expect(text).toContain('\u001b[1m');
});

test('texts of others cannot steer the terminal or break the table', () => {
  expect(printable('a\u001b[2Jb\nc\u202ed')).toBe('a\ufffd[2Jb c\ufffdd');
  const text = table(plain, [{ name: 'x\ny', size: '\u0007' }], columns);
  expect(text.split('\n')).toHaveLength(2);
});

test('details colour a value after what could steer the terminal has been taken out of it', () => {
  const text = details(colourful, [['Status', 'bad\u001b[2J', colourful.bad]]);
  expect(text).toBe('\u001b[1mStatus:\u001b[22m  \u001b[31mbad\ufffd[2J\u001b[39m');
});

test('details leave out what is missing and align the rest', () => {
  expect(
    details(plain, [
      ['Id', '1'],
      ['Nothing', null],
      ['Status', 'running'],
    ]),
  ).toBe('Id:      1\nStatus:  running');
});

test('on a terminal no line is longer than the terminal, and what may be cut gives way first', () => {
  const narrow = styleOf(false, 0, 30);
  const wordy = [
    { title: 'Name', value: ({ name }: { name: string }) => name, cuttable: true },
    { title: 'Size', value: ({ size }: { size: string | null }) => size },
  ];
  const rows = [{ name: 'a name of more than thirty characters', size: 'completed' }];
  const [, line] = table(narrow, rows, wordy).split('\n');
  expect(line).toBe('a name of more tha…  completed');
  expect(line?.length).toBeLessThanOrEqual(30);
  const tiny = table(styleOf(false, 0, 10), rows, wordy).split('\n');
  expect(Math.max(...tiny.map(textWidth))).toBeLessThanOrEqual(10);
  expect(table(plain, rows, wordy)).toContain('thirty characters  completed');
});

test('ids are shown by as many characters as tell them apart', () => {
  const [one, two] = ['01a1fcb5-768d-76ab-af50-347c17b4c549', '01a1fcb5-768d-76ab-bf50-347c17b4c549'];
  expect([...shortIds([one]).values()]).toEqual(['01a1fcb5']);
  expect([...shortIds([one, two]).values()]).toEqual(['01a1fcb5-768d-76ab-a', '01a1fcb5-768d-76ab-b']);
  expect([...shortIds([one, one]).values()]).toEqual(['01a1fcb5']);
});
