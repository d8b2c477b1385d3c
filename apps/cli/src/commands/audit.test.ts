import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditLog } from '@levitate/security';
import { StateDirectory } from '@levitate/service-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../cli.ts';
import type { Surroundings } from '../surroundings.ts';

let state: string;
let folder: string;
beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), 'levitate-cli-audit-'));
  folder = join(state, 'levitate', 'fsu-controller-audit');
  const directory = await StateDirectory.open(folder);
  const log = await AuditLog.open({
    ...{ directory, gatherMs: 0, nowUnixMs: 0 },
    onFailure: (error) => expect.unreachable(String(error)),
  });
  for (let index = 0; index < 5; index += 1) {
    await log.append({
      ...{ timeUnixMs: Date.UTC(2026, 0, 1) + index, actor: 'fsu-controller', action: 'resize' },
      ...{ target: index % 2 === 0 ? 'uplink' : 'd\u001b[31mb', cause: 'above-setpoint' },
      ...{ before: 524_288, after: 1_048_576 + index, outcome: 'applied' },
    });
  }
  await log.close();
  await directory.close();
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

async function audit(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const surroundings: Partial<Surroundings> = {
    env: { XDG_STATE_HOME: state, XDG_RUNTIME_DIR: '/nonexistent' },
    root: '/nonexistent',
    print: (line) => void out.push(line),
    complain: (line) => void err.push(line),
    signal: new AbortController().signal,
  };
  const code = await runCli(['audit', ...argv, '--dir', folder], surroundings as Surroundings);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

/** Alters a file of the log. */
function alter(change: (text: string) => string): void {
  const [name = ''] = readdirSync(folder).filter((each) => each.endsWith('.jsonl'));
  const file = join(folder, name);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

describe('levitate audit', () => {
  it('lists the newest actions, of one target too, with nothing that moves a cursor', async () => {
    const { code, out } = await audit('list', '-n', '2');
    expect(code).toBe(0);
    expect(out.split('\n')).toHaveLength(3);
    expect(out).toMatch(
      /^5 +2026-01-01T00:00:00\.004Z +uplink +resize +524,288 +1,048,580 +applied/m,
    );
    expect(out).toMatch(/d\?\[31mb/);
    const { records } = JSON.parse((await audit('list', '-t', 'uplink', '-o', 'json')).out);
    expect(records.map(({ sequence }: { sequence: number }) => sequence)).toEqual([5, 3, 1]);
  });

  it('says that nothing was altered, and what to keep to show it later', async () => {
    const { code, out } = await audit('verify');
    expect([code, out]).toEqual([0, expect.stringContaining('sound, records 1 to 5')]);
    const known = /--known (5:[0-9a-f]{64})/.exec(out)?.[1] ?? '';
    expect((await audit('verify', '--known', known)).code).toBe(0);
    const other = `5:${'0'.repeat(64)}`;
    const rewritten = await audit('verify', '--known', other);
    expect([rewritten.code, rewritten.out]).toEqual([1, expect.stringContaining('rewritten')]);
  });

  it('names the line that was altered, and ends with 1', async () => {
    alter((text) => text.replace('1048577', '9'));
    const { code, out } = await audit('verify');
    expect(code).toBe(1);
    expect(out).toMatch(/NOT SOUND/);
    expect(out).toMatch(
      /^audit-000000000001\.jsonl +2 +2 +altered +record 2 belongs here; its bytes/m,
    );
    const { sound, faults } = JSON.parse((await audit('verify', '-o', 'json')).out);
    expect([sound, faults]).toEqual([false, [expect.objectContaining({ line: 2 })]]);
  });

  it('says where to look when there is no such folder, and when nothing is in it', async () => {
    rmSync(folder, { recursive: true });
    const { code, err } = await audit('verify');
    expect(code).toBe(1);
    expect(err).toMatch(/no such folder\n {2}next: give --dir/);
    await (await StateDirectory.open(folder)).close();
    expect((await audit('verify')).out).toContain('no records');
    expect((await audit('list')).out).toMatch(/^RECORD/);
  });
});
