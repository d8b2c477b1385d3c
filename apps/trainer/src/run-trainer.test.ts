import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProgressDisplay } from './progress-display.ts';
import { runTrainer } from './run-trainer.ts';

const KINDS = ['bandwidth-lumos5g-4g-1s', 'bandwidth-lumos5g-5g-1s', 'bandwidth-oboe-1s'];
const RADIO = 't_s,dl_kbps,ul_kbps,mode,rsrp_dbm,snr_db,cqi,speed_kmh,state,ping_ms';

let root: string;
let data: string;

/** A path that swings between 4 and 12 Mbit/s, each file in its own rhythm. */
function writeTrace(kind: string, file: number): void {
  const folder = join(data, 'traces', kind);
  mkdirSync(folder, { recursive: true });
  const mbps = Array.from({ length: 200 }, (_, at) => 8 + 4 * Math.sin(at / (3 + file)));
  const isRadio = kind.startsWith('5g');
  const rows = mbps.map((value, at) =>
    isRadio ? `${at},${1000 * value},1,5G,-99,6.0,12,0,D,20` : `${at},${value}`,
  );
  writeFileSync(join(folder, `${file}.csv`), [isRadio ? RADIO : 't_s,mbps', ...rows].join('\n'));
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'levitate-run-trainer-'));
  data = join(root, 'data');
  for (const kind of [...KINDS, '5g-download-1s']) {
    for (let file = 0; file < 5; file++) writeTrace(kind, file);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => rmSync(join(root, '.levitate'), { recursive: true, force: true }));

/** Runs a command line and interrupts it when a line of its progress matches. */
async function run(argv: readonly string[], interruptAt?: RegExp) {
  const controller = new AbortController();
  const complaints: string[] = [];
  const printed: string[] = [];
  const write = (text: string) => {
    if (interruptAt?.test(text)) controller.abort(new Error('interrupted by a test'));
  };
  let nowMs = 0;
  const nowMsOf = () => (nowMs += 60_000);
  const code = await runTrainer(argv, {
    env: {},
    root,
    display: new ProgressDisplay({
      sink: { isTerminal: false, columns: 80, write },
      nowMs: nowMsOf,
    }),
    print: (line) => void printed.push(line),
    complain: (line) => void complaints.push(line),
    signal: controller.signal,
  });
  return { code, said: complaints.join('\n'), printed };
}

const quick = () => ['bandwidth', '--data', data, '--quick'];
const kept = () => readdirSync(join(root, '.levitate', 'train', 'bandwidth-1-1-quick'));

describe('a training that is interrupted', () => {
  it('in its first epoch keeps nothing, and says so', async () => {
    const { code, said } = await run(quick(), /epoch 1\/1, step 1\/2/);
    expect(code).toBe(130);
    expect(said).toMatch(/nothing is kept, the same command begins anew/);
    expect(kept().filter((name) => name.includes('checkpoint'))).toEqual([]);
  });

  it('after an epoch names its checkpoint, and the same command goes on from it', async () => {
    const { code, said } = await run(quick(), /validation/);
    expect(code).toBe(130);
    expect(said).toMatch(/kept in .*: member-1\.checkpoint.*the same command goes on/);
    // Its one epoch is done: a step of it would be interrupted.
    const resumed = await run(quick(), /member 1 of \d: epoch 1\/1, step/);
    expect(resumed).toMatchObject({ code: 0, said: '' });
    expect(resumed.printed.join()).toContain('weights.f32');
  });
});

describe('a checkpoint', () => {
  it('of other data is refused in a sentence, with what to do', async () => {
    await run(quick(), /validation/);
    writeTrace('bandwidth-oboe-1s', 7);
    const { code, said } = await run(quick());
    rmSync(join(data, 'traces', 'bandwidth-oboe-1s', '7.csv'));
    expect(code).toBe(1);
    expect(said).toMatch(/member-1\.checkpoint is of another training: .*dataSha256 is "/);
    expect(said).toMatch(/\nnext: remove .*member-1\.checkpoint to begin anew/);
    expect(said).not.toMatch(/\n\s+at /);
  });
});

describe('a data folder', () => {
  it('that is a dataset of links is refused by a training that reads traces', async () => {
    const folder = join(root, 'dataset');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'dataset.json'), '{}');
    const { code, said } = await run(['bandwidth', '--data', folder]);
    expect(code).toBe(2);
    expect(said).toMatch(
      /a dataset of links, of which burst learns; bandwidth learns from a folder/,
    );
    const torn = await run(['burst', '--data', folder, '--quick']);
    expect(torn.code).toBe(2);
    expect(torn.said).toMatch(
      /dataset\.json is no manifest of a dataset[\s\S]*next: make it again/,
    );
  });

  it('that holds neither is refused', async () => {
    const { code, said } = await run(['burst', '--data', root]);
    expect(code).toBe(2);
    expect(said).toMatch(/no folder "traces" in it, and no dataset\.json/);
  });
});
