import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { configFrom, readOptions } from '../options.ts';
import { callOperator, findGateway, type GatewayDoors } from '../parts/operator-call.ts';
import { CommandRefusal, print } from '../terminal.ts';
import { discardLetters, listLetters, replayLetters, showLetter } from './gateway-letter.ts';

const OPTIONS = {
  data: { type: 'string' },
  json: { type: 'boolean' },
  subsystem: { type: 'string' },
  'title-ar': { type: 'string' },
  'title-fr': { type: 'string' },
  'title-en': { type: 'string' },
  'about-person': { type: 'boolean' },
  schema: { type: 'string' },
  client: { type: 'string' },
  of: { type: 'string' },
  all: { type: 'boolean' },
  reason: { type: 'string' },
} as const;

type Values = Readonly<Record<string, unknown>>;
type Act = (gateway: GatewayDoors, words: readonly string[], values: Values) => Promise<void>;

const ACTS: Readonly<Record<string, Act>> = {
  add: addType,
  types: listTypes,
  retire: retireType,
  subscribers: listSubscribers,
  end: endSubscriber,
  subscriptions: listSubscriptions,
  letters: listLetters,
  show: showLetter,
  replay: replayLetters,
  discard: discardLetters,
};

/** `./wasl gateway event …`: what is published here and who gets it, what is subscribed to, and what nobody took. */
export async function gatewayEventCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('gateway', args, OPTIONS);
  const [name = '', ...words] = positionals;
  const act = Object.hasOwn(ACTS, name) ? ACTS[name] : undefined;
  if (act === undefined)
    throw new CommandRefusal(`./wasl gateway event knows ${Object.keys(ACTS).join(', ')}; see ./wasl help gateway`, 2);
  await act(await findGateway(configFrom({ data: values['data'] }).data), words, values);
  return 0;
}

type EventType = {
  readonly service: string;
  readonly title: { readonly fr: string };
  readonly aboutPerson: boolean;
  readonly dataSchema?: object;
};

async function addType(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const code = needWord(words, 'the code of the event type, such as ma.gov.land.parcel-changed');
  const [only] = gateway.subsystems;
  const subsystem = typeof values['subsystem'] === 'string' ? subsystemOf(gateway, values['subsystem']) : only;
  if (subsystem === undefined || (values['subsystem'] === undefined && gateway.subsystems.length > 1))
    throw new CommandRefusal(`--subsystem is needed, one of: ${gateway.subsystems.join(', ')}`, 2);
  const [ar, fr, en] = ['title-ar', 'title-fr', 'title-en'].map((name) => values[name]);
  if (ar === undefined || fr === undefined) throw new CommandRefusal('--title-ar and --title-fr are needed', 2);
  const type = await callOperator<EventType>(gateway, 'PUT', '/event-types', {
    service: `${subsystem}/${encodeURIComponent(code)}`,
    title: { ar, fr, ...(en === undefined ? {} : { en }) },
    aboutPerson: values['about-person'] === true,
    ...(typeof values['schema'] === 'string' ? { dataSchema: await readSchema(values['schema']) } : {}),
  });
  if (values['json'] === true) return print(JSON.stringify(type));
  print(`${type.service} may be published`);
  print('Nobody gets it yet; make an agreement on it, whose endpoint is "* /subscription"');
}

/** By its code where that is enough. */
function subsystemOf(gateway: GatewayDoors, word: string): string {
  const found = gateway.subsystems.find((one) => one === word || one.endsWith(`/${word}`));
  if (found !== undefined) return found;
  throw new CommandRefusal(`--subsystem is one of: ${gateway.subsystems.join(', ')}`, 2);
}

async function readSchema(path: string): Promise<unknown> {
  const text = await readFile(resolve(path), 'utf8').catch(() => {
    throw new CommandRefusal(`--schema: ${path} cannot be read`, 2);
  });
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandRefusal(`--schema: ${path} is not JSON`, 2);
  }
}

async function typesOf(gateway: GatewayDoors): Promise<readonly EventType[]> {
  return (await callOperator<{ types: readonly EventType[] }>(gateway, 'GET', '/event-types')).types;
}

async function listTypes(gateway: GatewayDoors, _words: readonly string[], values: Values): Promise<void> {
  const types = await typesOf(gateway);
  if (values['json'] === true) return print(JSON.stringify({ types }));
  if (types.length === 0) return print('no event types; add one with ./wasl gateway event add');
  for (const { service, title, aboutPerson, dataSchema } of types) {
    const about = [...(aboutPerson ? ['about a person'] : []), ...(dataSchema === undefined ? [] : ['with a schema'])];
    print(`${service}  ${title.fr}${about.length === 0 ? '' : `  (${about.join(', ')})`}`);
  }
}

async function retireType(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const service = await findType(gateway, needWord(words, 'the event type'));
  await callOperator(gateway, 'POST', '/event-types/remove', { service });
  print(values['json'] === true ? JSON.stringify({ service }) : `${service} is published no more`);
}

/** By its code where that is enough, else by its identifier. */
async function findType(gateway: GatewayDoors, word: string): Promise<string> {
  const services = (await typesOf(gateway)).map(({ service }) => service);
  const found = services.filter((one) => one === word || one.endsWith(`/${word}`));
  if (found[0] !== undefined && found.length === 1) return found[0];
  const why = found.length > 1 ? `"${word}" is more than one` : `there is no event type "${word}" here`;
  throw new CommandRefusal(`${why}; there are: ${services.join(', ') || 'none'}`);
}

type Subscriber = {
  readonly service: string;
  readonly client: string;
  readonly state: string;
  readonly waiting: number;
  readonly fault: string | null;
  readonly dueAt: string;
  readonly deliveredAt: string | null;
};

async function listSubscribers(gateway: GatewayDoors, _words: readonly string[], values: Values): Promise<void> {
  type Told = { subscribers: readonly Subscriber[] };
  const { subscribers } = await callOperator<Told>(gateway, 'GET', '/event-subscribers');
  if (values['json'] === true) return print(JSON.stringify({ subscribers }));
  if (subscribers.length === 0) return print('nobody subscribes to what is published here');
  for (const { service, client, state, waiting, fault, dueAt, deliveredAt } of subscribers) {
    const last = deliveredAt === null ? 'nothing delivered yet' : `last delivered ${deliveredAt}`;
    const why = fault === null || state === 'ended' ? (fault ?? '') : `${fault}, next try ${dueAt}`;
    print(`${state.padEnd(6)}  ${client} ← ${service}  waiting ${waiting}, ${last}${why === '' ? '' : `  ${why}`}`);
  }
}

async function endSubscriber(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const service = await findType(gateway, needWord(words, 'the event type'));
  const { client } = values;
  if (typeof client !== 'string') throw new CommandRefusal('--client is needed: INSTANCE/CLASS/MEMBER/SUBSYSTEM', 2);
  await callOperator(gateway, 'POST', '/event-subscribers/end', { service, client });
  print(values['json'] === true ? JSON.stringify({ service, client }) : `${client} gets ${service} no more`);
}

type Subscription = {
  readonly id: string;
  readonly service: string;
  readonly client: string;
  readonly state: string;
  readonly delivery: string;
  readonly url: string | null;
  readonly waiting: number;
  readonly dead: number;
  readonly fault: string | null;
};

async function listSubscriptions(gateway: GatewayDoors, _words: readonly string[], values: Values): Promise<void> {
  type Told = { subscriptions: readonly Subscription[] };
  const { subscriptions } = await callOperator<Told>(gateway, 'GET', '/event-subscriptions');
  if (values['json'] === true) return print(JSON.stringify({ subscriptions }));
  if (subscriptions.length === 0) return print('no system of this member has subscribed to anything');
  for (const { id, service, client, state, delivery, url, waiting, dead, fault } of subscriptions) {
    const how = delivery === 'pull' ? 'pulls' : `webhook ${url ?? ''}`;
    const why = fault === null ? '' : `  ${fault}`;
    print(`${state.padEnd(6)}  ${id}  ${client} ← ${service}  ${how}  waiting ${waiting}, dead ${dead}${why}`);
  }
}

function needWord(words: readonly string[], what: string): string {
  const [word] = words;
  if (word === undefined || words.length > 1)
    throw new CommandRefusal(`name ${what}, and nothing else; see ./wasl help gateway`, 2);
  return word;
}
