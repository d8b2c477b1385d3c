import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { levitate, runCli } from './cli.ts';
import { exitCodes } from './exit-codes.ts';
import type { Surroundings } from './surroundings.ts';

const root = new URL('../../..', import.meta.url).pathname;

/** A port of 127.0.0.1 on which nobody listens: the discard service. */
const nobody = ['ebpf-agent', 'telemetry', 'predictor', 'fsu-controller', 'dashboard'].map(
  (service) => `${service}=127.0.0.1:9`,
);

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(argv, recording(out, err));
  return { code, out: out.join('\n'), err: err.join('\n') };
}

function recording(out: string[], err: string[]): Surroundings {
  return {
    env: { PATH: process.env.PATH, XDG_RUNTIME_DIR: '/nonexistent' },
    root,
    print: (line) => void out.push(line),
    complain: (line) => void err.push(line),
    stdout: collecting(out),
    openKeys: () => new PassThrough(),
    signal: new AbortController().signal,
  };
}

function collecting(out: string[]): PassThrough {
  const stdout = new PassThrough();
  stdout.setEncoding('utf8').on('data', (text: string) => {
    out.push(...text.split('\n').filter((line) => line !== ''));
  });
  return stdout;
}

function everyCommand(command: Command, path: readonly string[] = []): [string[], Command][] {
  const here: [string[], Command][] = path.length === 0 ? [] : [[[...path], command]];
  return [
    ...here,
    ...command.commands.flatMap((each) => everyCommand(each, [...path, each.name()])),
  ];
}

describe('help', () => {
  const tree = everyCommand(levitate(recording([], []), () => undefined));

  it('every command is there', () => {
    expect(tree.map(([path]) => path.join(' ')).sort()).toEqual(
      [
        'audit',
        'audit list',
        'audit verify',
        'bench',
        'capture',
        'check',
        'config',
        'config print',
        'config validate',
        'dataset',
        'dev',
        'fsu',
        'fsu canary',
        'fsu explain',
        'fsu log',
        'fsu mode',
        'fsu pause',
        'fsu report',
        'fsu resume',
        'fsu rollback',
        'fsu status',
        'model',
        'model import',
        'model list',
        'model scores',
        'model show',
        'model verify',
        'simulate',
        'status',
        'tap',
        'top',
        'train',
        'version',
      ].sort(),
    );
  });

  for (const [path] of tree) {
    it(`of "${path.join(' ')}" begins with an example of it, and ends with 0`, async () => {
      const { code, out } = await run(...path, '--help');
      expect(code).toBe(exitCodes.ok);
      const [first, example] = out.split('\n');
      expect(first).toBe('Example:');
      expect(example).toMatch(new RegExp(`^ {2}levitate ${path.join(' ')}\\b`));
    });
  }

  it('of all of it documents the exit codes', async () => {
    const { out } = await run('--help');
    for (const code of Object.values(exitCodes)) expect(out).toMatch(new RegExp(`\\b${code} `));
  });
});

describe('a wrong command line', () => {
  it('with an unknown command exits 2 and names the nearest', async () => {
    const { code, err } = await run('statsu');
    expect(code).toBe(exitCodes.usage);
    expect(err).toContain('Did you mean status?');
  });

  it('with an unknown sub-command or option exits 2 and names the nearest', async () => {
    expect((await run('fsu', 'pasue')).err).toContain('Did you mean pause?');
    const { code, err } = await run('status', '--outptu', 'json');
    expect(code).toBe(exitCodes.usage);
    expect(err).toContain('Did you mean --output?');
  });

  it('with a value that is not allowed exits 2 and says what is', async () => {
    expect((await run('status', '-o', 'xml')).err).toContain('table, json');
    expect((await run('fsu', 'mode', 'enforec')).err).toContain('observe, recommend, enforce');
    for (const argv of [
      ['fsu', 'pause', '--for', '3x'],
      ['fsu', 'pause', '--for', '25h'],
      ['fsu', 'explain', 'last'],
      ['fsu', 'log', '-n', '0'],
      ['dev', '--port', '70000'],
      ['status', '--at', 'telemetry'],
      ['status', '--at', 'telemetri=127.0.0.1:1'],
      ['fsu', 'status', '--tls-cert', 'a.pem'],
      ['config', 'validate', 'settings.yaml'],
      ['audit', 'list', '-n', '0'],
      ['audit', 'verify', '--known', '12'],
      ['top', '--sort', 'size'],
      ['tap', 'everything'],
      ['tap', '--limit', '0'],
      ['tap', '--limit', ''],
      ['tap', '--min-drops', '-1'],
      ['tap', '--buffer', '1000001'],
      ['tap', '--for', 'soon'],
      ['tap', 'samples', '--target', 'predictive'],
    ]) {
      expect([argv, (await run(...argv)).code]).toEqual([argv, exitCodes.usage]);
    }
  });
});

describe('a service that is away', () => {
  it('makes status exit 3 and say which one', async () => {
    const { code, out } = await run('status', '-o', 'json', '--at', ...nobody);
    expect(code).toBe(exitCodes.unreachable);
    const { services } = JSON.parse(out);
    expect(services.map((each: { state: string }) => each.state)).toEqual(
      Array.from({ length: 5 }, () => 'unreachable'),
    );
    expect(services[0].detail).toContain('connect ECONNREFUSED 127.0.0.1:9');
  });

  it('makes fsu exit 3 and say what to do', async () => {
    const { code, err } = await run('fsu', 'status', '--at', ...nobody);
    expect(code).toBe(exitCodes.unreachable);
    expect(err).toContain('fsu-controller at 127.0.0.1:9 does not answer: connect ECONNREFUSED');
    expect(err).toContain('levitate dev');
  });
});

describe('nobody to watch', () => {
  it('makes tap exit 3 at once and say who is away', async () => {
    const { code, out, err } = await run('tap', '-o', 'jsonl', '--at', ...nobody);
    expect(code).toBe(exitCodes.unreachable);
    expect(out).toBe('');
    expect(err).toContain('telemetry is away: connect ECONNREFUSED 127.0.0.1:9');
    expect(err).toContain('fsu-controller is away');
  });

  it('makes top exit 3 and name every service', async () => {
    const { code, out } = await run('top', '--once', '-o', 'json', '--at', ...nobody);
    expect(code).toBe(exitCodes.unreachable);
    const { links, sources } = JSON.parse(out);
    expect(links).toEqual([]);
    expect(sources.map((each: { service: string }) => each.service)).toEqual([
      'telemetry',
      'fsu-controller',
      'ebpf-agent',
    ]);
    expect(sources[0]).toMatchObject({ state: 'away', why: 'connect ECONNREFUSED 127.0.0.1:9' });
  });
});

it('version names levitate and Node, as text and as JSON', async () => {
  expect((await run('version')).out).toMatch(/^levitate \d+\.\d+\.\d+, Node \d+\./);
  const { out } = await run('version', '-o', 'json');
  expect(JSON.parse(out)).toEqual({
    version: expect.stringMatching(/^\d/),
    node: process.versions.node,
  });
});
