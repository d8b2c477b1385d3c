import { spawn } from 'node:child_process';
import { BootstrapError } from './bootstrap-error.mjs';
import { explainInstallFailure } from './explain-install-failure.mjs';

const sayEveryMs = 5000;
const outputBytesMax = 64 * 1024;

/**
 * Runs `npm ci` with a line every few seconds. It installs npm packages and nothing else: `.npmrc`
 * allows no install script.
 *
 * @param {object} options
 * @param {string} options.root
 * @param {(line: string) => void} options.say
 * @param {() => string} options.progress how far it is, in words.
 */
export async function installPackages({ root, say, progress }) {
  const startedMs = Date.now();
  const seconds = () => Math.round((Date.now() - startedMs) / 1000);
  const ticker = setInterval(() => {
    say(`installing, ${seconds()} s so far, ${progress()}`);
  }, sayEveryMs);
  try {
    const { code, output } = await npmCi(root);
    if (code !== 0) throw new BootstrapError(explainInstallFailure(output));
    say(`npm packages installed in ${seconds()} s`);
  } finally {
    clearInterval(ticker);
  }
}

/**
 * @param {string} root
 * @returns {Promise<{ code: number, output: string }>}
 */
function npmCi(root) {
  // npm names its own program to the scripts it runs; without npm around it, `npm` is on the path.
  const npm = process.env.npm_execpath;
  const isScript = npm?.endsWith('.js') === true;
  const command = isScript ? process.execPath : 'npm';
  const args = [...(isScript ? [/** @type {string} */ (npm)] : []), 'ci', '--include=optional'];
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, npm_config_ignore_scripts: 'true', NODE_ENV: 'development' },
    });
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk.toString()).slice(-outputBytesMax);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
