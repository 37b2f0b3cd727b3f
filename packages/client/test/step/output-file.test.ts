import { ValidationError } from '@buildstate/core';
import { describe, expect, it } from 'vitest';
import { parseOutputFile } from '../../src/step/output/output-file.ts';

describe('the file that BLDST_OUTPUT names', () => {
  it('gives variables from lines key=value, the value as it is', () => {
    expect(parseOutputFile('ami_id=ami-1\nempty=\nurl=https://a/?b=c \n')).toEqual([
      { key: 'ami_id', value: 'ami-1' },
      { key: 'empty', value: '' },
      { key: 'url', value: 'https://a/?b=c ' },
    ]);
  });

  it('takes values of several lines between key<<END and END', () => {
    expect(parseOutputFile('notes<<EOF\none\n\ntwo=2\nEOF\nafter=1\n')).toEqual([
      { key: 'notes', value: 'one\n\ntwo=2' },
      { key: 'after', value: '1' },
    ]);
  });

  it('takes the later one of two values', () => {
    expect(parseOutputFile('a=1\r\na=2\r\n')).toEqual([{ key: 'a', value: '2' }]);
  });

  it.each(['no equals sign', '1a=2', 'a b=c', 'a<<END\nnever closed'])('refuses %j', (text) => {
    expect(() => parseOutputFile(text)).toThrow(ValidationError);
  });

  it('does not repeat the text of a bad line, which may be secret', () => {
    expect(() => parseOutputFile('ok=1\nhunter2')).toThrow(/^Line 2 (?!.*hunter2)/);
  });
});
