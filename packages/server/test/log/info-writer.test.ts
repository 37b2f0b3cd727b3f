import { expect, it } from 'vitest';
import { createLogger } from '../../src/log/create-logger.ts';
import { infoWriter } from '../../src/log/info-writer.ts';

const line = {
  request_id: '019aa000-0000-7000-8000-000000000001',
  method: 'POST',
  path: '/builds/1/state',
  status: 201,
  ms: 1.25,
  actor: 'ci',
  address: '127.0.0.1',
  code: undefined,
};

function writtenBy(
  level: 'info' | 'warn',
  given: typeof line | (Omit<typeof line, 'code'> & { code: string }),
) {
  const lines: string[] = [];
  const logger = createLogger({ level, stream: { write: (text) => lines.push(text) } });
  infoWriter(logger)(given);
  logger.info(given, 'request');
  return lines.map((text) => text.replace(/"time":"[^"]{24}"/, '"time":""'));
}

it('a line of a request is the same, byte for byte, as the logger would have written', () => {
  const cases = [
    line,
    { ...line, code: 'not_found', actor: 'a"b\\' },
    { ...line, path: '/builds/"\\\u0001ü\ud83d\ude00', address: '::1', ms: 0 },
    { ...line, path: `/builds/bldst_0123456789abcdef_${'s'.repeat(43)}` },
  ];
  for (const one of cases) {
    const [own, logged] = writtenBy('info', one);
    expect(own).toBe(logged);
    expect(own).not.toContain('sss');
    expect(JSON.parse(own ?? '')).toMatchObject({ level: 'info', status: 201, msg: 'request' });
  }
});

it('nothing is written below the level', () => {
  expect(writtenBy('warn', line)).toEqual([]);
});
