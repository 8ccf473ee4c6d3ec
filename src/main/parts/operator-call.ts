import { CommandRefusal } from '../terminal.ts';
import { askRunning } from './ask-running.ts';
import type { GatewayPart, GatewayState } from './gateway-part.ts';
import { findRunning } from './running.ts';

/** What the control door of a running gateway tells the commands beside it. */
export type GatewayDoors = GatewayState & {
  readonly url: string;
  readonly peerUrl: string;
  readonly ledger: { readonly name: string; readonly vkey: string };
  readonly operatorToken: string;
};

export function doorsOf(part: GatewayPart): GatewayDoors {
  const { gateway, operatorToken } = part;
  return { ...part.state(), url: gateway.url, peerUrl: gateway.peerUrl, ledger: gateway.ledger, operatorToken };
}

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

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One call of a gateway's operator API. */
export function callOperator<T>(gateway: GatewayDoors, method: Method, path: string, body?: object): Promise<T> {
  return callApi(gateway, method, `/operator/v1${path}`, body);
}

/** With the token of the data folder. A refusal becomes one line that names the fields. */
export async function callApi<T>(
  house: { readonly url: string; readonly operatorToken: string },
  method: Method,
  path: string,
  body?: object,
): Promise<T> {
  const answer = await fetch(`${house.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${house.operatorToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    throw new CommandRefusal(`${house.url} does not answer (${why}); is it stopping? Try again when it runs`);
  });
  const told = (await answer.json().catch(() => ({}))) as T & Problem;
  if (answer.ok) return told;
  const fields = (told.errors ?? []).map(({ field, message }) => `${field.replace(/^\//, '')} ${message}`).join('; ');
  const why = fields === '' ? (told.detail ?? told.title ?? `it answered ${answer.status}`) : fields;
  throw new CommandRefusal(why);
}
