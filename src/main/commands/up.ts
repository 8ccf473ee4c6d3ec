import { configFrom, readOptions } from '../options.ts';
import { untilStopped } from '../parts/process.ts';
import { demoPeople } from '../parts/simulator-part.ts';
import { openWasl, type Wasl } from '../parts/wasl.ts';
import { CommandRefusal, print } from '../terminal.ts';

/** `./wasl up`: the whole platform with demonstration data, until it is told to stop. */
export async function upCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('up', args, {
    port: { type: 'string' },
    data: { type: 'string' },
    host: { type: 'string' },
    'database-url': { type: 'string' },
    'log-level': { type: 'string' },
  });
  if (positionals.length > 0) throw new CommandRefusal(`"${positionals[0]}" is not an option; see ./wasl help up`, 2);
  const config = configFrom(values);
  if (config.mode === 'production') {
    throw new CommandRefusal('up is for demonstration; in production run ./wasl registry, gateway and portal');
  }
  const from = performance.now();
  const wasl = await openWasl(config);
  await describe(wasl, (performance.now() - from) / 1000);
  const code = await untilStopped(() => wasl.close());
  print('stopped');
  return code;
}

async function describe(wasl: Wasl, seconds: number): Promise<void> {
  print(`Wasl is up (${seconds.toFixed(1)} s). Data: ${wasl.dir}, database: ${wasl.storage.kind}`);
  if (wasl.storage.kind === 'pglite')
    print('The embedded database survives a killed process, not a power cut: for demonstration only.');
  print();
  print(`  portal      ${wasl.portalUrl}/ar   (also /fr, /en)`);
  print(`  simulator   ${wasl.simulatorUrl}   signs in as demonstration people; no real identity`);
  print(`  registry    ${wasl.registryUrl}`);
  for (const gateway of wasl.gateways) print(`  gateway     ${gateway.url}   ${gateway.server}`);
  print(
    '  consoles    at /ar/console of each gateway, by the name localhost; ./wasl help gateway says how to get an account',
  );
  for (const [name, authority] of Object.entries(wasl.authorities))
    print(`  authority   ${authority.url}   ${name}, sample`);
  print();
  print('Demonstration accounts (chosen on the sign-in page, all synthetic):');
  for (const person of await demoPeople()) {
    const name = person.fullName ?? person.name;
    const { role, office } = person.demoRole ?? {};
    const job = [role, office].filter((one) => one !== undefined).join(', ');
    print(`  ${person.nationalId.padEnd(10)} ${name?.fr ?? ''}${job === '' ? '' : `   ${job}`}`);
  }
  print('\nCtrl+C stops it.');
}
