import { configFrom, readOptions } from '../options.ts';
import { callOperator, findGateway, type GatewayDoors } from '../parts/operator-call.ts';
import { CommandRefusal, print } from '../terminal.ts';
import { findService } from './gateway-service.ts';

type Words = { readonly en: string };
type Explanation = {
  readonly allowed: boolean;
  readonly agreement: string | null;
  readonly version: number | null;
  readonly text: Words;
  readonly steps: readonly {
    readonly agreement: string;
    readonly version: number;
    readonly holds: boolean;
    readonly text: Words;
  }[];
};

/** `./wasl gateway explain`: whether a call would be let through, and the rule that decides. 1 where it would not. */
export async function gatewayExplainCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('gateway', args, {
    ...{ data: { type: 'string' }, json: { type: 'boolean' }, client: { type: 'string' }, service: { type: 'string' } },
    ...{ purpose: { type: 'string' }, agreement: { type: 'string' }, at: { type: 'string' } },
  });
  const { client, service, purpose, agreement, at } = values;
  const [method = 'GET', target = '/'] = positionals;
  if (typeof client !== 'string' || typeof service !== 'string')
    throw new CommandRefusal('--client and --service are needed; see ./wasl help gateway', 2);
  const gateway = await findGateway(configFrom({ data: values['data'] }).data);
  const { pathname, searchParams } = new URL(target, 'http://service');
  const explained = await callOperator<Explanation>(gateway, 'POST', '/agreements/explain', {
    ...{ client, service: await nameOf(gateway, service), method: method.toUpperCase(), path: pathname },
    query: Object.fromEntries(searchParams),
    ...(purpose === undefined ? {} : { purpose }),
    ...(agreement === undefined ? {} : { agreement }),
    ...(typeof at === 'string' ? { at: instantOf(at) } : {}),
  });
  if (values['json'] === true) print(JSON.stringify(explained));
  else {
    for (const step of explained.steps)
      print(`  ${step.holds ? 'yes' : 'NO '}  ${step.agreement} v${step.version}: ${step.text.en}`);
    const by = explained.agreement === null ? '' : ` (${explained.agreement} v${explained.version})`;
    print(`${explained.allowed ? 'allowed' : 'REFUSED'}: ${explained.text.en}${by}`);
  }
  return explained.allowed ? 0 : 1;
}

/** A service of this gateway by its code; one of another member, of whose agreements this one knows, by its whole name. */
async function nameOf(gateway: GatewayDoors, service: string): Promise<string> {
  return service.split('/').length >= 5 ? service : (await findService(gateway, service)).service;
}

function instantOf(text: string): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new CommandRefusal('--at is an instant such as 2027-01-31T10:00:00Z', 2);
  return at.toISOString();
}
