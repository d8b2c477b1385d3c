import { describe, expect, it } from 'vitest';
import { readFlags } from './read-flags.ts';

const keys = ['listen', 'ops_listen', 'verbose', 'tls.cert_file'];
const read = (...argv: string[]) => readFlags(argv, { keys, booleans: new Set(['verbose']) });
const settingsOf = (...argv: string[]) =>
  read(...argv).settings.map(({ key, raw }) => [key, raw] as const);

describe('readFlags', () => {
  it('reads values after a space or an equals sign', () => {
    expect(settingsOf('--listen', 'a:1', '--ops-listen=b:2')).toEqual([
      ['listen', 'a:1'],
      ['ops_listen', 'b:2'],
    ]);
  });

  it('reads any key by --set, with equals signs in its value', () => {
    expect(settingsOf('--set', 'tls.cert_file=a=b.pem')).toEqual([['tls.cert_file', 'a=b.pem']]);
    expect(read('--set', 'tls.cert_file').faults[0]?.problem).toBe('needs key=value');
  });

  it('takes a boolean without a value', () => {
    expect(settingsOf('--verbose', '--listen', 'x')).toEqual([
      ['verbose', 'true'],
      ['listen', 'x'],
    ]);
    expect(settingsOf('--verbose', 'false')).toEqual([['verbose', 'false']]);
  });

  it('reads the modes and the file', () => {
    expect(read('--config', 'a.yaml', '--print-config')).toMatchObject({
      configFile: 'a.yaml',
      mode: 'print-config',
    });
    expect(read('--help').mode).toBe('help');
    expect(read('--check-config').mode).toBe('check-config');
  });

  it('names the nearest flag, and counts a faulty flag with its value as one fault', () => {
    expect(read('--lisen', 'a:1').faults).toMatchObject([
      { where: 'flag --lisen', problem: 'unknown flag', nearest: '--listen' },
    ]);
    expect(read('--listen').faults[0]?.problem).toBe('needs a value');
    expect(read('extra').faults[0]?.problem).toBe('takes no such argument');
  });
});
