import { describe, expect, it } from 'vitest';
import { benchUsage, parseBenchArguments, UsageError } from './bench-arguments.ts';

const names = ['levitation', 'overhead'];
const parse = (argv: string[], env: Record<string, string> = {}) =>
  parseBenchArguments(argv, { env, names });

describe('parseBenchArguments', () => {
  it('has defaults for everything but the name', () => {
    expect(parse(['overhead'])).toEqual({
      name: 'overhead',
      json: false,
      quick: false,
      seed: 1,
      dataDirectory: undefined,
      outDir: '.levitate/bench',
    });
  });

  it('takes -o json for --json', () => {
    expect(parse(['overhead', '-o', 'json'])).toMatchObject({ json: true });
    expect(parse(['overhead', '--json'])).toMatchObject({ json: true });
  });

  it('lets --data win over LEVITATE_DATA', () => {
    const env = { LEVITATE_DATA: '/env' };
    expect(parse(['overhead'], env)).toMatchObject({ dataDirectory: '/env' });
    expect(parse(['overhead', '--data', '/flag'], env)).toMatchObject({ dataDirectory: '/flag' });
    expect(parse(['overhead'], { LEVITATE_DATA: '' })).toMatchObject({ dataDirectory: undefined });
  });

  it('tells every fault at once, with what is allowed', () => {
    const fault = () => parse(['flying', 'twice', '-o', 'xml', '--seed', '1x']);
    expect(fault).toThrow(UsageError);
    expect(fault).toThrow(
      /there are: levitation, overhead[\s\S]*twice[\s\S]*json and table[\s\S]*from 0 on/,
    );
  });

  it('refuses an unknown flag', () => {
    expect(() => parse(['overhead', '--fast'])).toThrow(UsageError);
  });

  it('names every bench in its help, and begins with an example', () => {
    expect(parse(['--help'])).toBe('help');
    const usage = benchUsage([{ name: 'overhead', summary: 'what control costs' }]);
    expect(usage).toMatch(/^Example: /);
    expect(usage).toContain('what control costs');
  });
});
