import { checkCommand } from './commands/check.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { evidenceCommand } from './commands/evidence.ts';
import { gatewayCommand } from './commands/gateway.ts';
import { helpCommand } from './commands/help.ts';
import { ledgerCommand } from './commands/ledger.ts';
import { portalCommand } from './commands/portal.ts';
import { registryCommand } from './commands/registry.ts';
import { testCommand } from './commands/test.ts';
import { upCommand } from './commands/up.ts';
import { CommandRefusal } from './terminal.ts';

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  up: upCommand,
  demo: demoCommand,
  test: testCommand,
  check: checkCommand,
  doctor: doctorCommand,
  help: helpCommand,
  registry: registryCommand,
  gateway: gatewayCommand,
  portal: portalCommand,
  ledger: ledgerCommand,
  evidence: evidenceCommand,
};

async function run(args: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = args;
  const wanted = ['-h', '--help'].includes(name) ? 'help' : name;
  const command = Object.hasOwn(COMMANDS, wanted) ? COMMANDS[wanted] : undefined;
  if (command === undefined) throw new CommandRefusal(`there is no command "${name}"; see ./wasl help`, 2);
  return command(rest.includes('--help') ? ['--help', ...rest.filter((arg) => arg !== '--help')] : rest);
}

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
