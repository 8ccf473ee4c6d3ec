import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { CommandRefusal } from './terminal.ts';

// Kept beside the Node that the launcher fetched: starts are twice as quick, and the stripping of types, which takes
// 30 MB, is not loaded where every file is known. The built program (`build`) starts quicker without.
if (import.meta.filename.endsWith('.ts')) {
  enableCompileCache(join(import.meta.dirname, '..', '..', '.tools', 'compile-cache'));
}

type Command = (args: readonly string[]) => Promise<number>;

/** Each command brings its own part of the house only when it is called: `help` answers at once. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  up: async () => (await import('./commands/up.ts')).upCommand,
  demo: async () => (await import('./commands/demo.ts')).demoCommand,
  test: async () => (await import('./commands/test.ts')).testCommand,
  check: async () => (await import('./commands/check.ts')).checkCommand,
  build: async () => (await import('./commands/build.ts')).buildCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  help: async () => (await import('./commands/help.ts')).helpCommand,
  registry: async () => (await import('./commands/registry.ts')).registryCommand,
  gateway: async () => (await import('./commands/gateway.ts')).gatewayCommand,
  sandbox: async () => (await import('./commands/sandbox.ts')).sandboxCommand,
  'sample-service': async () => (await import('./commands/sample-service.ts')).sampleServiceCommand,
  portal: async () => (await import('./commands/portal.ts')).portalCommand,
  ledger: async () => (await import('./commands/ledger.ts')).ledgerCommand,
  backup: async () => (await import('./commands/backup.ts')).backupCommand,
  restore: async () => (await import('./commands/backup.ts')).restoreCommand,
  evidence: async () => (await import('./commands/evidence.ts')).evidenceCommand,
};

async function run(args: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = args;
  const wanted = ['-h', '--help'].includes(name) ? 'help' : name;
  const load = Object.hasOwn(COMMANDS, wanted) ? COMMANDS[wanted] : undefined;
  if (load === undefined) throw new CommandRefusal(`there is no command "${name}"; see ./wasl help`, 2);
  if (rest.includes('--help')) return (await import('./commands/help.ts')).helpCommand([wanted]);
  return (await load())(rest);
}

// Who reads only the first lines (`| head`) closes the pipe: that is no fault.
process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
  if (cause.code !== 'EPIPE') throw cause;
  process.exit(0);
});

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (cause) {
  if (cause instanceof CommandRefusal) {
    process.stderr.write(`wasl: ${cause.message}\n`);
    process.exitCode = cause.exitCode;
  } else {
    process.stderr.write(`wasl: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`);
    process.exitCode = 70;
  }
}
