import { OPERATOR_ROLES } from '../../exchange/index.ts';
import { configFrom, readOptions } from '../options.ts';
import { askRunning } from '../parts/ask-running.ts';
import { findRunning } from '../parts/running.ts';
import { CommandRefusal, print } from '../terminal.ts';

/** `./wasl gateway operator add`, `./wasl registry operator add`: makes an account and prints its one-time link. */
export async function operatorCommand(house: 'gateway' | 'registry', args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(house, args, {
    data: { type: 'string' },
    name: { type: 'string' },
    role: { type: 'string' },
    at: { type: 'string' },
  });
  if (positionals[0] !== 'add') throw new CommandRefusal(`./wasl ${house} operator knows "add" only`, 2);
  const { name, role, at } = values;
  if (typeof name !== 'string' || typeof role !== 'string')
    throw new CommandRefusal(`--name and --role are needed; roles: ${OPERATOR_ROLES.join(', ')}`, 2);
  const { data } = configFrom({ data: values['data'] });
  const running = await findRunning(data);
  if (running === undefined) throw new CommandRefusal(`no ${house} runs on ${data}; start it first`);
  const answer = await askRunning(running, '/operators', { at, name, roles: role.split(',') });
  const body = (await answer.json()) as {
    link?: string;
    detail?: string;
    errors?: { field: string; message: string }[];
  };
  if (body.link === undefined) {
    const errors = (body.errors ?? []).map((one) => `${one.field.slice(1)}: ${one.message}`).join('; ');
    throw new CommandRefusal(`no account was made: ${errors || (body.detail ?? answer.status)}`);
  }
  print(body.link);
  return 0;
}
