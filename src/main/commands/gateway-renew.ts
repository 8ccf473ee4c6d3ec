import { randomBytes } from 'node:crypto';
import { renewGateway } from '../../exchange/index.ts';
import { Problem } from '../../kernel/index.ts';
import { configFrom, readOptions } from '../options.ts';
import { readKeptSettings } from '../parts/gateway-settings.ts';
import { callOperator, findGateway } from '../parts/operator-call.ts';
import { CommandRefusal, print } from '../terminal.ts';

/**
 * `./wasl gateway renew`: new keys and certificates beside a gateway that runs. It goes on with the former ones, which
 * count for the registry's overlap, until the others know the new ones, and takes these without a stop. Stopped at any
 * point, the same command goes on.
 */
export async function gatewayRenewCommand(args: readonly string[]): Promise<number> {
  const { values } = readOptions('gateway', args, { data: { type: 'string' } });
  const { data } = configFrom({ data: values['data'] });
  const gateway = await findGateway(data);
  const kept = await readKeptSettings(data);
  if (kept === undefined) throw new CommandRefusal(`${data} has no gateway.json: no gateway was joined from it`);
  const { registryUrl } = kept;
  const options = { registryUrl, dir: data, server: gateway.server, randomBytes, pollMs: 2_000, onWaiting };
  await renewGateway({ ...options, clock: () => new Date() }).catch((cause: unknown) => {
    if (!(cause instanceof Problem)) throw cause;
    throw new CommandRefusal(`the certificates were not renewed: ${cause.detail ?? cause.title}`);
  });
  // The new keys are taken once the held list names them, and the next start looks for them there too.
  await callOperator(gateway, 'POST', '/trust/refresh');
  print(`${gateway.server} has new certificates in ${data}/keys; the former ones stay good meanwhile`);
  print('it takes them by itself in about two minutes; of several processes, copy keys/ into the folder of each');
  return 0;
}

function onWaiting(request: string): void {
  print(`the registry’s operator decides about request ${request}; waiting. Ctrl+C stops, the same command resumes.`);
}
