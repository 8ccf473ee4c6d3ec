import { configFrom, readOptions } from '../options.ts';
import { askRunning } from '../parts/ask-running.ts';
import { callApi } from '../parts/operator-call.ts';
import { findRunning } from '../parts/running.ts';
import { CommandRefusal, print } from '../terminal.ts';

type Request = {
  readonly id: string;
  readonly kind: string;
  readonly server: string;
  readonly state: string;
  readonly receivedAt: string;
  readonly reason: string | null;
};

/** `./wasl registry request list|approve|refuse`: what members ask for, decided by the one who runs the registry. */
export async function registryRequestCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('registry', args, {
    data: { type: 'string' },
    reason: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [act = 'list', id] = positionals;
  if (!['list', 'approve', 'refuse'].includes(act))
    throw new CommandRefusal('./wasl registry request knows list, approve and refuse; see ./wasl help registry', 2);
  const doors = await findRegistry(configFrom({ data: values['data'] }).data);
  const { reason } = values;
  if (act === 'list') {
    const { requests } = await callApi<{ requests: readonly Request[] }>(doors, 'GET', '/registry/v1/requests');
    if (values['json'] === true) print(JSON.stringify({ requests }));
    else if (requests.length === 0) print('no requests');
    else for (const one of requests) print(`${one.state.padEnd(9)} ${one.id}  ${one.kind.padEnd(9)} ${one.server}`);
    return 0;
  }
  if (id === undefined)
    throw new CommandRefusal('name the request; ./wasl registry request list shows those that wait', 2);
  if (act === 'refuse' && typeof reason !== 'string')
    throw new CommandRefusal('--reason is needed: the applicant is told why', 2);
  const path = `/registry/v1/requests/${encodeURIComponent(id)}/${act}`;
  const decided = await callApi<Request>(doors, 'POST', path, reason === undefined ? {} : { reason });
  print(values['json'] === true ? JSON.stringify(decided) : `${decided.state}: ${decided.kind} of ${decided.server}`);
  return 0;
}

/** The registry that runs on this data folder. Throws CommandRefusal where none does. */
export async function findRegistry(data: string): Promise<{ readonly url: string; readonly operatorToken: string }> {
  const running = await findRunning(data);
  if (running === undefined)
    throw new CommandRefusal(`no registry runs on ${data}; start it with ./wasl registry --data ${data}`);
  const answer = await askRunning(running, '/registry');
  if (!answer.ok) throw new CommandRefusal(`what runs on ${data} is not a registry; name its folder with --data`);
  return (await answer.json()) as { url: string; operatorToken: string };
}
