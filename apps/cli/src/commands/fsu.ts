import { contracts, enumWord, type fsuController } from '@levitate/contracts';
import { type Client, connect } from '@levitate/grpc-kit';
import { Argument, Command } from 'commander';
import { parseDuration } from '../duration.ts';
import {
  canaryLines,
  decisionRows,
  explainLines,
  shadowLines,
  targetHeads,
  targetRows,
} from '../fsu-text.ts';
import { type OutputFormat, withOutput } from '../output-format.ts';
import { reportText } from '../report-text.ts';
import { type ReachOptions, resolveAddresses, tlsOf, withReach } from '../service-addresses.ts';
import { serviceFailure } from '../service-failure.ts';
import type { Surroundings } from '../surroundings.ts';
import { renderTable } from '../table.ts';
import { wholeNumber } from '../whole-number.ts';

type Controller = Client<fsuController.FsuControllerServiceMethods>;
type Options = ReachOptions & { readonly output: OutputFormat };

/** What a sub-command found out: for `-o json`, and as text. */
interface Finding {
  readonly json: unknown;
  readonly text: string;
}

const modes = { observe: 'MODE_OBSERVE', recommend: 'MODE_RECOMMEND', enforce: 'MODE_ENFORCE' };
const decisionsMax = 1_000;

/** `levitate fsu ...`: the operator's hand on the Flow Stabilization Unit. */
export function fsuCommand(surroundings: Surroundings): Command {
  const build = new FsuCommands(surroundings);
  return new Command('fsu')
    .description('the Flow Stabilization Unit: state, mode, kill switch, decisions')
    .addHelpText('before', 'Example:\n  levitate fsu pause --for 30m\n')
    .addCommand(build.status())
    .addCommand(build.mode())
    .addCommand(build.pause())
    .addCommand(build.resume())
    .addCommand(build.rollback())
    .addCommand(build.canary())
    .addCommand(build.report())
    .addCommand(build.log())
    .addCommand(build.explain());
}

class FsuCommands {
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  status(): Command {
    return this.#command('status', 'every target: mode, law, limits, and why')
      .addHelpText('before', 'Example:\n  levitate fsu status\n')
      .action((options: Options) =>
        this.#ask(options, async (controller) => {
          const json = await controller.listTargets({});
          return { json, text: targetTable(json) };
        }),
      );
  }

  mode(): Command {
    return this.#command('mode', 'show the mode, or set it: observe, recommend or enforce')
      .addHelpText('before', 'Example:\n  levitate fsu mode recommend --target reactive\n')
      .addArgument(new Argument('[mode]', 'what to set it to').choices(Object.keys(modes)))
      .option('-t, --target <name>', 'one target; all of them without it', '')
      .action((mode: keyof typeof modes | undefined, options: Options & { target: string }) =>
        this.#ask(options, async (controller) => {
          const json =
            mode === undefined
              ? await controller.listTargets({})
              : await controller.setMode({
                  target: options.target,
                  mode: modes[mode] as 'MODE_OBSERVE',
                });
          const rows = json.targets.map((target) => [target.name, enumWord(target.mode)]);
          return { json, text: renderTable(['TARGET', 'MODE'], rows) };
        }),
      );
  }

  pause(): Command {
    return this.#command('pause', 'the kill switch: restore originals, change nothing any more')
      .addHelpText('before', 'Example:\n  levitate fsu pause --for 30m --reason "maintenance"\n')
      .option('--for <time>', 'end by itself after 90s, 30m, 2h; without it, at resume')
      .option('--reason <text>', 'stands in the decision log', '')
      .action((options: Options & { for?: string; reason: string }) => {
        const durationSeconds = options.for === undefined ? 0 : parseDuration(options.for);
        return this.#ask(options, async (controller) => {
          const json = await controller.pause({ durationSeconds, reason: options.reason });
          const until = json.pausedUntilUnixMs;
          const when = until > 0 ? new Date(until).toISOString() : 'levitate fsu resume';
          return { json, text: `paused until ${when}; originals are being restored` };
        });
      });
  }

  resume(): Command {
    return this.#command('resume', 'end a pause')
      .addHelpText('before', 'Example:\n  levitate fsu resume\n')
      .action((options: Options) =>
        this.#ask(options, async (controller) => {
          const json = await controller.resume({});
          return { json, text: targetTable(json) };
        }),
      );
  }

  rollback(): Command {
    return this.#command('rollback', 'put originals back and rest in observe')
      .addHelpText('before', 'Example:\n  levitate fsu rollback predictive\n')
      .argument('[target]', 'one target; all of them without it', '')
      .action((target: string, options: Options) =>
        this.#ask(options, async (controller) => {
          const json = await controller.rollback({ target });
          const rows = json.targets.map((each) => [each.target, each.limitBytes]);
          return { json, text: renderTable(['TARGET', 'SIZE'], rows) };
        }),
      );
  }

  canary(): Command {
    return this.#command('canary', 'roll-out of enforcement host by host: show, start or abort it')
      .addHelpText('before', 'Example:\n  levitate fsu canary start\n')
      .addArgument(
        new Argument('[order]', 'what to do')
          .choices(['status', 'start', 'abort'])
          .default('status'),
      )
      .option('--reason <text>', 'of an abort; stands in the state of the roll-out', '')
      .action((order: 'status' | 'start' | 'abort', options: Options & { reason: string }) =>
        this.#ask(options, async (controller) => {
          const { reason } = options;
          const ask = {
            status: () => controller.getCanary({}),
            start: () => controller.startCanary({}),
            abort: () => controller.abortCanary({ reason }),
          };
          const json = await ask[order]();
          return { json, text: canaryLines(json.canaries).join('\n') };
        }),
      );
  }

  report(): Command {
    return this.#command('report', 'what control would have changed in mode recommend, by day')
      .addHelpText('before', 'Example:\n  levitate fsu report uplink\n')
      .argument('[target]', 'one target; all of them without it', '')
      .action((target: string, options: Options) =>
        this.#ask(options, async (controller) => {
          const json = await controller.listReports({ target });
          return { json, text: reportText(json.reports) };
        }),
      );
  }

  log(): Command {
    return this.#command('log', 'decisions that changed something, newest first')
      .addHelpText('before', 'Example:\n  levitate fsu log -n 50 --target predictive\n')
      .option('-t, --target <name>', 'one target; all of them without it', '')
      .option('-n, --limit <count>', `how many, 1 to ${decisionsMax}`, '20')
      .action((options: Options & { target: string; limit: string }) => {
        const limit = wholeNumber(options.limit, { name: '--limit', max: decisionsMax });
        return this.#ask(options, async (controller) => {
          const json = await controller.listDecisions({ target: options.target, limit });
          const heads = ['ID', 'TIME', 'TARGET', 'LAW', 'BEFORE', 'AFTER', 'APPLIED', 'WHY'];
          return { json, text: renderTable(heads, decisionRows(json.decisions)) };
        });
      });
  }

  explain(): Command {
    return this.#command('explain', 'one decision with everything it rested on')
      .addHelpText('before', 'Example:\n  levitate fsu explain 4711\n')
      .argument('<id>', 'of the decision, as the log has it')
      .action((text: string, options: Options) => {
        const id = wholeNumber(text, { name: 'the id', max: Number.MAX_SAFE_INTEGER });
        return this.#ask(options, async (controller) => {
          const json = await controller.explainDecision({ id });
          return { json, text: explainLines(json).join('\n') };
        });
      });
  }

  #command(name: string, description: string): Command {
    return withReach(withOutput(new Command(name).description(description)));
  }

  async #ask(options: Options, ask: (controller: Controller) => Promise<Finding>): Promise<void> {
    const address = (await resolveAddresses(options, this.#surroundings))['fsu-controller'];
    const controller = connect(contracts.fsuController, { address, tls: tlsOf(options) });
    try {
      const { json, text } = await ask(controller);
      this.#surroundings.print(options.output === 'json' ? JSON.stringify(json) : text);
    } catch (error) {
      throw serviceFailure(error, { service: 'fsu-controller', address });
    } finally {
      controller.close();
    }
  }
}

function targetTable({ targets }: { targets: readonly fsuController.Target[] }): string {
  const table = renderTable(targetHeads, targetRows(targets));
  return [table, ...shadowLines(targets)].join('\n');
}
