import { CommandRefusal } from '../terminal.ts';
import { askRunning } from './control.ts';
import type { GatewayState } from './gateway-part.ts';
import { findRunning } from './running.ts';

/** What the control door of a running gateway tells the commands beside it. */
export type GatewayDoors = GatewayState & {
  readonly url: string;
  readonly peerUrl: string;
  readonly ledger: { readonly name: string; readonly vkey: string };
  readonly operatorToken: string;
};

/** The gateway that runs on this data folder. Throws CommandRefusal where none does. */
export async function findGateway(data: string): Promise<GatewayDoors> {
  const running = await findRunning(data);
  if (running === undefined)
    throw new CommandRefusal(`no gateway runs on ${data}; start it, or name its folder with --data`);
  const answer = await askRunning(running, '/gateway');
  if (answer.status === 404)
    throw new CommandRefusal(`what runs on ${data} is not a gateway; name the gateway’s folder with --data`);
  return (await answer.json()) as GatewayDoors;
}

type Problem = { detail?: string; title?: string; errors?: readonly { field: string; message: string }[] };

/** One call of the operator's API. A refusal becomes one line that names the fields. */
export async function callOperator<T>(
  gateway: GatewayDoors,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
): Promise<T> {
  const answer = await fetch(`${gateway.url}/operator/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${gateway.operatorToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const told = (await answer.json().catch(() => ({}))) as T & Problem;
  if (answer.ok) return told;
  const fields = (told.errors ?? []).map(({ field, message }) => `${field.replace(/^\//, '')} ${message}`).join('; ');
  const why = fields === '' ? (told.detail ?? told.title ?? `the gateway answered ${answer.status}`) : fields;
  throw new CommandRefusal(why);
}
