import { describe, expect, it } from 'vitest';
import { parseTrainerArguments, trainerUsage, UsageError } from './trainer-arguments.ts';

const names = ['bandwidth', 'burst'];
const parse = (argv: string[], env: Record<string, string> = {}) =>
  parseTrainerArguments(argv, { env, names });

describe('parseTrainerArguments', () => {
  it('has defaults for everything but the name and the data', () => {
    expect(parse(['bandwidth', '--data', '/traces'])).toEqual({
      name: 'bandwidth',
      dataDirectory: '/traces',
      seed: 1,
      outDirectory: undefined,
      workers: 1,
      quick: false,
    });
  });

  it('takes the data folder from the environment, and --data before it', () => {
    const env = { LEVITATE_DATA: '/env' };
    expect(parse(['burst'], env)).toMatchObject({ dataDirectory: '/env' });
    expect(parse(['burst', '--data', '/flag'], env)).toMatchObject({ dataDirectory: '/flag' });
  });

  it('tells every fault at once, with what is allowed', () => {
    const fault = () => parse(['flying', 'twice', '--seed', '1x', '--workers', '65']);
    expect(fault).toThrow(UsageError);
    expect(fault).toThrow(
      /there are: bandwidth, burst[\s\S]*twice[\s\S]*from 0[\s\S]*1 to 64[\s\S]*--data is/,
    );
  });

  it('gives help when asked and when nothing is', () => {
    expect(parse([])).toBe('help');
    expect(parse(['burst', '-h'])).toBe('help');
    const usage = trainerUsage([{ name: 'burst', summary: 'bursts' }]);
    expect(usage).toMatch(/^Example: levitate train/);
    expect(usage).toContain('  burst       bursts');
  });
});
