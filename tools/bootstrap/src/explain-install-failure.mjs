/** What npm says, in the words of the person who has to do something about it; first match wins. */
const causes = [
  {
    sign: /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|ERR_SOCKET/,
    what: 'the npm packages could not be fetched',
    next: 'check the network (or proxy) and run the command again; nothing is left half done',
  },
  {
    sign: /EACCES|EPERM|EROFS/,
    what: 'node_modules cannot be written',
    next: 'make the folder writable for this user, or clone into one that is',
  },
  {
    sign: /ENOSPC/,
    what: 'the disk is full',
    next: 'free about 1 GB and run the command again',
  },
  {
    sign: /spawn npm ENOENT/,
    what: 'npm is not there',
    next: 'install npm (it comes with Node) and run `npm start`',
  },
  {
    sign: /can only install packages when|EUSAGE|in sync/,
    what: 'package.json and package-lock.json do not agree',
    next: 'take both from one commit, or run `npm install` if you changed a dependency',
  },
];

const linesMax = 4;

/**
 * @param {string} output what `npm ci` printed.
 * @returns {{ what: string, why: string, next: string }}
 */
export function explainInstallFailure(output) {
  const cause = causes.find(({ sign }) => sign.test(output));
  return {
    what: cause?.what ?? 'npm ci failed',
    why: essence(output),
    next: cause?.next ?? 'read the lines above; `npm ci` by hand shows all of them',
  };
}

/** @param {string} output */
function essence(output) {
  const errors = output
    .split('\n')
    .filter((line) => /^npm (error|ERR!)/.test(line) && !/A complete log|_logs/.test(line))
    .map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim())
    .filter((line) => line !== '');
  const lines = errors.length > 0 ? errors : [output.trim().split('\n').at(-1) ?? ''];
  return lines.slice(0, linesMax).join('; ');
}
