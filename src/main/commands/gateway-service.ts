import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ServiceEntry } from '../../exchange/index.ts';
import { configFrom, readOptions } from '../options.ts';
import { callOperator, findGateway, type GatewayDoors } from '../parts/operator-call.ts';
import { CommandRefusal, print } from '../terminal.ts';

const OPTIONS = {
  data: { type: 'string' },
  to: { type: 'string' },
  code: { type: 'string' },
  subsystem: { type: 'string' },
  timeout: { type: 'string' },
  notice: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type Values = Readonly<Record<string, string | boolean | undefined>>;
type Act = (gateway: GatewayDoors, words: readonly string[], values: Values) => Promise<void>;

const ACTS: Readonly<Record<string, Act>> = {
  add: addService,
  list: listServices,
  enable: (gateway, words, values) => switchService(gateway, words, values, true),
  disable: (gateway, words, values) => switchService(gateway, words, values, false),
  remove: removeService,
};

/** `./wasl gateway service …`: what this gateway offers, through the operator's API of the one that runs. */
export async function gatewayServiceCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('gateway', args, OPTIONS);
  const [name = '', ...words] = positionals;
  const act = Object.hasOwn(ACTS, name) ? ACTS[name] : undefined;
  if (act === undefined)
    throw new CommandRefusal(
      `./wasl gateway service knows ${Object.keys(ACTS).join(', ')}; see ./wasl help gateway`,
      2,
    );
  await act(await findGateway(configFrom({ data: values['data'] }).data), words, values);
  return 0;
}

async function addService(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const source = oneWord(words, 'an OpenAPI file or its address');
  const { to, code, subsystem } = values;
  if (typeof to !== 'string') throw new CommandRefusal('--to is needed: the address where the service answers', 2);
  const entry = await callOperator<ServiceEntry>(gateway, 'POST', '/services/import', {
    ...(/^https?:\/\//.test(source) ? { from: source } : { text: await readSource(source) }),
    url: to,
    ...(code === undefined ? {} : { code }),
    ...(subsystem === undefined ? {} : { subsystem }),
    ...(values['timeout'] === undefined ? {} : { timeoutMs: millisecondsOf(values['timeout']) }),
  });
  if (values['json'] === true) return print(JSON.stringify(entry));
  print(`${entry.service} → ${entry.url}`);
  for (const { method, path } of entry.description?.endpoints ?? []) print(`  ${method.padEnd(7)} ${path}`);
  print('Nobody may call it yet; make an agreement: ./wasl gateway agree add --help');
}

async function listServices(gateway: GatewayDoors, _words: readonly string[], values: Values): Promise<void> {
  const services = await servicesOf(gateway);
  if (values['json'] === true) return print(JSON.stringify({ services }));
  if (services.length === 0) return print('no services; add one with ./wasl gateway service add');
  for (const { service, url, enabled, description } of services) {
    const about = description === undefined ? 'no description' : `${description.endpoints.length} endpoints`;
    print(`${enabled ? 'on ' : 'OFF'}  ${service} → ${url}  (${about})`);
  }
}

async function switchService(
  gateway: GatewayDoors,
  words: readonly string[],
  values: Values,
  enabled: boolean,
): Promise<void> {
  const { description: _kept, ...entry } = await findService(gateway, oneWord(words, 'a service'));
  const notice = typeof values['notice'] === 'string' ? values['notice'] : '';
  const changed = { ...entry, enabled, notice: enabled ? '' : notice };
  await callOperator(gateway, 'PUT', '/services', changed);
  print(values['json'] === true ? JSON.stringify(changed) : `${entry.service} is ${enabled ? 'on' : 'off'}`);
}

async function removeService(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const { service } = await findService(gateway, oneWord(words, 'a service'));
  await callOperator(gateway, 'DELETE', `/services/${encodeURIComponent(service)}`);
  print(values['json'] === true ? JSON.stringify({ service }) : `${service} is removed`);
}

async function servicesOf(gateway: GatewayDoors): Promise<readonly ServiceEntry[]> {
  return (await callOperator<{ services: readonly ServiceEntry[] }>(gateway, 'GET', '/services')).services;
}

/** By its code where that is enough, else by its identifier. */
export async function findService(gateway: GatewayDoors, word: string): Promise<ServiceEntry> {
  const services = await servicesOf(gateway);
  const found = services.filter(({ service }) => service === word || service.endsWith(`/${word}`));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const known = (found.length > 1 ? found : services).map(({ service }) => service).join(', ');
  throw new CommandRefusal(
    `${found.length > 1 ? `"${word}" is more than one` : `there is no service "${word}" here`}${known === '' ? '' : `; there are: ${known}`}`,
  );
}

function oneWord(words: readonly string[], what: string): string {
  const [word] = words;
  if (word === undefined || words.length > 1)
    throw new CommandRefusal(`name ${what}, and nothing else; see ./wasl help gateway`, 2);
  return word;
}

async function readSource(path: string): Promise<string> {
  return readFile(resolve(path), 'utf8').catch(() => {
    throw new CommandRefusal(`${path} cannot be read`, 2);
  });
}

function millisecondsOf(seconds: string | boolean): number {
  const value = Number(seconds) * 1000;
  if (Number.isFinite(value) && value >= 100 && value <= 600_000) return Math.round(value);
  throw new CommandRefusal(`--timeout is in seconds, from 0.1 to 600, not "${seconds}"`, 2);
}
