import type { Check } from './check.ts';
import { runProgram } from './run-program.ts';

/** A check that passes when a program of `node_modules` ends with 0. */
export function commandCheck(options: {
  readonly name: string;
  /** Command that npm linked, `knip`; a JavaScript file, run by this Node. */
  readonly command: string;
  readonly args: readonly string[];
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
}): Check {
  return {
    name: options.name,
    run: async (signal) => {
      const { code, output } = await runProgram(
        {
          args: [`node_modules/.bin/${options.command}`, ...options.args],
          cwd: options.root,
          env: options.env,
        },
        signal,
      );
      return code === 0 ? { kind: 'passed' } : { kind: 'failed', output };
    },
  };
}
