import { openLandRegister } from '../../../examples/land-register/server.ts';
import { readOptions } from '../options.ts';
import { untilStopped } from '../parts/process.ts';
import { CommandRefusal, print } from '../terminal.ts';

/** `./wasl sample-service`: what an administration has before it joins, for those who have nothing to try with. */
export async function sampleServiceCommand(args: readonly string[]): Promise<number> {
  const { values } = readOptions('sample-service', args, { port: { type: 'string' } });
  const port = Number(values['port'] ?? 9000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CommandRefusal('--port is a whole number from 0 to 65535', 2);
  const register = await openLandRegister(port).catch((cause: unknown) => {
    throw new CommandRefusal(`port ${port} cannot be opened (${(cause as NodeJS.ErrnoException).code ?? cause})`);
  });
  print(`sample service ready: ${register.url}`);
  return untilStopped(() => register.close());
}
