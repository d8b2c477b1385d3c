import { join, resolve } from 'node:path';
import {
  type AuditRecord,
  type AuditVerdict,
  auditFolder,
  type ChainPoint,
  newestRecords,
  verifyAudit,
} from '@levitate/security';
import { defaultStateDirectory } from '@levitate/service-kit';
import { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { newestRun, stateInRun } from '../dev/run-folder.ts';
import { exitCodes, type SetExitCode } from '../exit-codes.ts';
import { inFormat, type OutputFormat, withOutput } from '../output-format.ts';
import { printable } from '../printable.ts';
import type { Surroundings } from '../surroundings.ts';
import { type Cell, renderTable } from '../table.ts';
import { wholeNumber } from '../whole-number.ts';

interface Options {
  readonly dir?: string;
  readonly output: OutputFormat;
}

const recordsMax = 10_000;
/** The service writes while we read: what is wrong is looked at again after this, ms. */
const secondLookMs = 500;
/** Below the state directory of the controller. */
const folderName = 'fsu-controller-audit';

/** `levitate audit`: the record of who changed what, read from its files. */
export function auditCommand(surroundings: Surroundings, setExitCode: SetExitCode): Command {
  return new Command('audit')
    .description('the record of every action: what it holds, and whether it was altered')
    .addHelpText('before', 'Example:\n  levitate audit verify\n')
    .addCommand(verifyCommand(surroundings, setExitCode))
    .addCommand(listCommand(surroundings));
}

function verifyCommand(surroundings: Surroundings, setExitCode: SetExitCode): Command {
  const command = new Command('verify')
    .description('whether every record is there as it was written; if not, which line it is')
    .option('--known <number:hash>', 'a record as an earlier verify named it: is it still there?')
    .addHelpText(
      'before',
      'Example:\n  levitate audit verify --dir /var/lib/levitate/fsu-controller-audit\n',
    )
    .addHelpText('after', '\nExit 1 where something is wrong.');
  return withFolder(command).action(async (options: Options & { known?: string }) => {
    const known = options.known === undefined ? undefined : pointOf(options.known);
    const folder = await folderOf(options, surroundings);
    const verdict = await reading(folder, () => verdictOf(folder, known));
    if (known !== undefined && known.sequence < verdict.anchor.sequence) throw tooOld(known);
    const { isSound, records, anchor, last, faults, faultsMore } = verdict;
    const found = { folder, sound: isSound, records, anchor, last, faults, faultsMore };
    surroundings.print(inFormat(options.output, found, () => verdictText(folder, verdict)));
    if (!isSound) setExitCode(exitCodes.failed);
  });
}

function listCommand(surroundings: Surroundings): Command {
  const command = new Command('list')
    .description('the newest actions, newest first')
    .option('-t, --target <name>', 'of one target; of all without it', '')
    .option('-n, --limit <count>', `how many, 1 to ${recordsMax}`, '20')
    .addHelpText('before', 'Example:\n  levitate audit list -n 50 --target uplink\n');
  return withFolder(command).action(
    async (options: Options & Record<'target' | 'limit', string>) => {
      const limit = wholeNumber(options.limit, { name: '--limit', max: recordsMax });
      const folder = await folderOf(options, surroundings);
      const { target } = options;
      const records = await reading(folder, () =>
        newestRecords(auditFolder(folder), { limit, target }),
      );
      surroundings.print(inFormat(options.output, { folder, records }, () => recordsText(records)));
    },
  );
}

function withFolder(command: Command): Command {
  return withOutput(command).option('--dir <folder>', 'where it is; default: of the controller');
}

/** That of `--dir`, else of a running `levitate dev`, else of this machine's controller. */
async function folderOf({ dir }: Options, { env }: Surroundings): Promise<string> {
  if (dir !== undefined) return resolve(dir);
  const run = await newestRun(env);
  const state = run ? stateInRun(env, run, 'fsu-controller') : defaultStateDirectory(env);
  return join(state, folderName);
}

async function reading<Result>(folder: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new CommandError({
      exitCode: exitCodes.failed,
      what: isMissing ? `${folder}: no such folder` : `${folder} cannot be read: ${code}`,
      next: isMissing
        ? 'give --dir; it is below the state_directory of the fsu-controller'
        : 'be who runs the fsu-controller, or root',
      cause,
    });
  }
}

async function verdictOf(folder: string, known: ChainPoint | undefined): Promise<AuditVerdict> {
  const verdict = await verifyAudit(auditFolder(folder), { known });
  if (verdict.isSound) return verdict;
  await new Promise((resolve) => setTimeout(resolve, secondLookMs));
  return verifyAudit(auditFolder(folder), { known });
}

function verdictText(folder: string, verdict: AuditVerdict): string {
  const { isSound, records, anchor, last, faults, faultsMore } = verdict;
  if (isSound && records === 0) return `${folder}: no records`;
  const range = `records ${anchor.sequence + 1} to ${last.sequence}`;
  if (isSound) {
    const next = `levitate audit verify --known ${last.sequence}:${last.hash}`;
    return `${folder}: sound, ${range}\nkept elsewhere, this shows later that they are: ${next}`;
  }
  const rows = faults.map(({ file, line, sequence, kind, text }): Cell[] => [
    file,
    line,
    sequence === undefined ? undefined : String(sequence),
    kind,
    text,
  ]);
  const more = faultsMore > 0 ? [`and ${faultsMore} more`] : [];
  const table = renderTable(['FILE', 'LINE', 'RECORD', 'FAULT', 'WHAT'], rows);
  return [`${folder}: NOT SOUND, ${range}`, table, ...more].join('\n');
}

function recordsText(records: readonly AuditRecord[]): string {
  const heads = ['RECORD', 'TIME', 'TARGET', 'ACTION', 'BEFORE', 'AFTER', 'OUTCOME', 'BY', 'WHY'];
  const rows = records.map((record): Cell[] => [
    String(record.sequence),
    new Date(record.timeUnixMs).toISOString(),
    printable(record.target),
    printable(record.action),
    value(record.before),
    value(record.after),
    printable(record.outcome),
    printable(record.actor),
    printable(record.cause),
  ]);
  return renderTable(heads, rows);
}

function value(of: AuditRecord['before']): Cell {
  return typeof of === 'number' ? of.toLocaleString('en-US') : of && printable(of);
}

function pointOf(text: string): ChainPoint {
  const [, number = '', hash = ''] = /^(\d{1,16}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (hash !== '') return { sequence: Number(number), hash };
  throw new CommandError({
    exitCode: exitCodes.usage,
    what: `--known ${text} is not of the form number:hash`,
    next: 'take the one that an earlier levitate audit verify printed',
  });
}

function tooOld({ sequence }: ChainPoint): CommandError {
  return new CommandError({
    exitCode: exitCodes.failed,
    what: `record ${sequence} went by retention: nothing can be said about it any more`,
    next: 'keep a newer one; levitate audit verify prints it',
  });
}
