// Entry of `npm start` and `npm test`. It parses on any Node with modules, so that an old one gets
// a sentence instead of a syntax error; the work is in src/, which needs Node 20.
const oldest = 20;
const major = Number(process.versions.node.split('.')[0]);
if (major < oldest) {
  console.error(`levitate: this is Node ${process.versions.node}, and Node ${oldest} is needed.`);
  console.error('  why: the installer and npm itself use what came with that version');
  console.error(`  next: install Node ${oldest} or newer (nodejs.org, nvm, your package manager)`);
  process.exitCode = 2;
} else {
  import('./src/run-command.mjs').then(({ runCommand }) => runCommand(process.argv.slice(2)));
}
