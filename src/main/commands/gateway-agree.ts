import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Agreement } from '../../exchange/index.ts';
import { configFrom, readOptions } from '../options.ts';
import { callOperator, findGateway, type GatewayDoors } from '../parts/operator-call.ts';
import { CommandRefusal, print } from '../terminal.ts';
import { listDeliveries, sendAgain } from './gateway-deliveries.ts';
import {
  askFor,
  changeOffer,
  dismissProposal,
  draftProposal,
  listProposals,
  withdrawProposal,
} from './gateway-propose.ts';
import { findService } from './gateway-service.ts';
import {
  acceptOffer,
  declineOffer,
  instantFrom,
  leaveAgreement,
  listOffers,
  needId,
  signAgreement,
} from './gateway-sign.ts';
import { doAndTell } from './gateway-told.ts';

const OPTIONS = {
  data: { type: 'string' },
  json: { type: 'boolean' },
  file: { type: 'string' },
  id: { type: 'string' },
  provider: { type: 'string' },
  version: { type: 'string' },
  client: { type: 'string' },
  service: { type: 'string' },
  endpoint: { type: 'string', multiple: true },
  field: { type: 'string', multiple: true },
  'all-fields': { type: 'boolean' },
  purpose: { type: 'string' },
  'purpose-ar': { type: 'string' },
  'purpose-fr': { type: 'string' },
  basis: { type: 'string' },
  'basis-ar': { type: 'string' },
  'basis-fr': { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  at: { type: 'string' },
  reason: { type: 'string' },
  note: { type: 'string' },
  condition: { type: 'string' },
  rate: { type: 'string' },
  'quota-day': { type: 'string' },
  'quota-month': { type: 'string' },
  'other-bodies': { type: 'string' },
  archive: { type: 'string' },
  'archive-days': { type: 'string' },
  'archive-by': { type: 'string' },
} as const;

type Values = Readonly<Record<string, unknown>>;
type Act = (gateway: GatewayDoors, words: readonly string[], values: Values) => Promise<void>;

const ACTS: Readonly<Record<string, Act>> = {
  add: addAgreement,
  sign: signAgreement,
  offers: listOffers,
  accept: acceptOffer,
  decline: declineOffer,
  leave: leaveAgreement,
  ask: async (gateway, _words, values) =>
    askFor(gateway, values, (await fileIn(values)) ?? agreementOn(fullService(values), undefined, values)),
  change: (gateway, words, values) => changeOffer(gateway, words, values, changesIn(values)),
  proposals: listProposals,
  draft: async (gateway, words, values) => draftProposal(gateway, words, values, await fileIn(values)),
  dismiss: dismissProposal,
  withdraw: withdrawProposal,
  deliveries: listDeliveries,
  send: sendAgain,
  list: listAgreements,
  show: showAgreement,
  suspend: (gateway, words, values) => setStatus(gateway, words, values, 'suspended'),
  resume: (gateway, words, values) => setStatus(gateway, words, values, 'active'),
  end: (gateway, words, values) => setStatus(gateway, words, values, 'ended'),
};

/** `./wasl gateway agree …`: who may ask what of this gateway's services, and why. */
export async function gatewayAgreeCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('gateway', args, OPTIONS);
  const [name = '', ...words] = positionals;
  const act = Object.hasOwn(ACTS, name) ? ACTS[name] : undefined;
  if (act === undefined)
    throw new CommandRefusal(`./wasl gateway agree knows ${Object.keys(ACTS).join(', ')}; see ./wasl help gateway`, 2);
  await act(await findGateway(configFrom({ data: values['data'] }).data), words, values);
  return 0;
}

async function addAgreement(gateway: GatewayDoors, _words: readonly string[], values: Values): Promise<void> {
  const given = (await fileIn(values)) ?? (await agreementFrom(gateway, values));
  const agreement = await callOperator<Agreement>(gateway, 'PUT', '/agreements', given);
  if (values['json'] === true) return print(JSON.stringify(agreement));
  const isDraft = agreement.status === 'draft';
  const worth = isDraft
    ? `is a draft: ./wasl gateway agree sign ${agreement.id} offers it to the client`
    : `is in force until ${agreement.validUntil.slice(0, 10)}`;
  print(`agreement ${agreement.id} version ${agreement.version} ${worth}`);
  print(`  ${agreement.client} ${isDraft ? 'would' : 'may'} call ${agreement.service}`);
  for (const { method, path } of agreement.endpoints) print(`  ${method.padEnd(7)} ${path}`);
  print(`  fields  ${agreement.fields.join(' ') || 'none'}`);
}

/** What is not said is taken from the service's description; fields and reasons are never guessed. */
async function agreementFrom(gateway: GatewayDoors, values: Values): Promise<object> {
  const entry = await findService(gateway, neededIn(values)('service'));
  return agreementOn(entry.service, entry.description?.endpoints, values);
}

function neededIn(values: Values): (name: string) => string {
  return (name) => {
    const value = values[name];
    if (typeof value === 'string' && value !== '') return value;
    throw new CommandRefusal(`--${name} is needed, or --file with the whole agreement; see ./wasl help gateway`, 2);
  };
}

function agreementOn(service: string, described: Agreement['endpoints'] | undefined, values: Values): object {
  const need = neededIn(values);
  const client = need('client');
  const purpose = need('purpose');
  return {
    id: values['id'] ?? `${client}-${service.split('/').at(-1)}`.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 80),
    version: Number(values['version'] ?? 1),
    client,
    service,
    endpoints: endpointsFrom(values['endpoint'], described),
    purposes: [{ code: purpose, text: { ar: need('purpose-ar'), fr: need('purpose-fr') } }],
    legalBasis: { ref: need('basis'), text: { ar: need('basis-ar'), fr: need('basis-fr') } },
    fields: fieldsFrom(values),
    ...termsFrom(values),
    validFrom: instantFrom(values['from'], 'from') ?? new Date().toISOString(),
    validUntil: instantFrom(values['until'], 'until') ?? new Date(Date.now() + 365 * 86_400_000).toISOString(),
  };
}

async function fileIn(values: Values): Promise<object | undefined> {
  const file = values['file'];
  return typeof file === 'string' ? readAgreementFile(file) : undefined;
}

/** Of an offer, what shall be otherwise in it. */
function changesIn(values: Values): object {
  return {
    ...(values['endpoint'] === undefined ? {} : { endpoints: endpointsFrom(values['endpoint'], undefined) }),
    ...(values['field'] === undefined && values['all-fields'] !== true ? {} : { fields: fieldsFrom(values) }),
    ...(values['until'] === undefined ? {} : { validUntil: instantFrom(values['until'], 'until') }),
    ...termsFrom(values),
  };
}

/** Of another member, so written out. */
function fullService(values: Values): string {
  const service = neededIn(values)('service');
  if (service.split('/').length >= 5) return service;
  throw new CommandRefusal('--service is the whole name, INSTANCE/CLASS/MEMBER/SUBSYSTEM/SERVICE', 2);
}

function endpointsFrom(given: unknown, described: Agreement['endpoints'] | undefined): Agreement['endpoints'] {
  if (!Array.isArray(given)) return described ?? [{ method: '*', path: '/**' }];
  return given.map((text: unknown) => {
    const [, method, path] = /^(\*|[A-Za-z]{3,7}) +(\/\S*)$/.exec(String(text).trim()) ?? [];
    if (method === undefined || path === undefined)
      throw new CommandRefusal(`--endpoint is a method and a path such as "GET /persons/*", not "${String(text)}"`, 2);
    return { method: method.toUpperCase(), path };
  });
}

function fieldsFrom(values: Values): readonly string[] {
  if (Array.isArray(values['field'])) return values['field'].map(String);
  if (values['all-fields'] === true) return ['/'];
  throw new CommandRefusal('--field is needed, once for each field of the answer such as /name, or --all-fields', 2);
}

/** What narrows the agreement beside its endpoints; nothing where nothing is said. */
function termsFrom(values: Values): object {
  const number = (name: string) => (typeof values[name] === 'string' ? Number(values[name]) : undefined);
  const present = (members: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
  const quota = present({ perDay: number('quota-day'), perMonth: number('quota-month') });
  const terms = present({
    condition: values['condition'],
    ratePerMinute: number('rate'),
    quota: Object.keys(quota).length === 0 ? undefined : quota,
    otherBodies: values['other-bodies'],
    archive: archiveFrom(values),
  });
  return Object.keys(terms).length === 0 ? {} : { terms };
}

/** How long is never guessed; whose gateway keeps is the one that is asked, unless another is named. */
function archiveFrom(values: Values): object | undefined {
  const { archive: keep, 'archive-days': days, 'archive-by': by } = values;
  if (keep === undefined && days === undefined && by === undefined) return undefined;
  if (typeof keep !== 'string' || typeof days !== 'string')
    throw new CommandRefusal('--archive request|response|both and --archive-days N belong together', 2);
  return { keep, days: Number(days), by: by ?? 'provider' };
}

async function readAgreementFile(path: string): Promise<object> {
  const text = await readFile(resolve(path), 'utf8').catch(() => {
    throw new CommandRefusal(`--file: ${path} cannot be read`, 2);
  });
  try {
    // What `agree show` prints may be given: what the gateway tells of a version beside its text is left out.
    const { isSigned: _signed, endsAt: _ends, reason: _reason, ...written } = JSON.parse(text) as Partial<Agreement>;
    return written;
  } catch {
    throw new CommandRefusal(`--file: ${path} is not JSON`, 2);
  }
}

async function agreementsOf(gateway: GatewayDoors): Promise<readonly Agreement[]> {
  return (await callOperator<{ agreements: readonly Agreement[] }>(gateway, 'GET', '/agreements')).agreements;
}

async function listAgreements(gateway: GatewayDoors, _words: readonly string[], values: Values): Promise<void> {
  const agreements = await agreementsOf(gateway);
  if (values['json'] === true) return print(JSON.stringify({ agreements }));
  if (agreements.length === 0) return print('no agreements; make one with ./wasl gateway agree add');
  for (const { id, version, status, client, service, validUntil } of agreements)
    print(`${status.padEnd(9)}  ${id} v${version}  ${client} → ${service}  until ${validUntil.slice(0, 10)}`);
}

async function showAgreement(gateway: GatewayDoors, words: readonly string[]): Promise<void> {
  const id = needId(words);
  const found = (await agreementsOf(gateway)).filter((one) => one.id === id);
  if (found.length === 0)
    throw new CommandRefusal(`there is no agreement "${id}" here; ./wasl gateway agree list shows them`);
  print(JSON.stringify(found.at(-1), null, 2));
}

async function setStatus(
  gateway: GatewayDoors,
  words: readonly string[],
  values: Values,
  status: 'active' | 'suspended' | 'ended',
): Promise<void> {
  const id = needId(words);
  const endsAt = status === 'ended' ? instantFrom(values['at'], 'at') : undefined;
  const change = {
    status,
    ...(typeof values['reason'] === 'string' ? { reason: values['reason'] } : {}),
    ...(endsAt === undefined ? {} : { endsAt }),
  };
  const { done, late } = await doAndTell(
    gateway,
    () => id,
    () => callOperator<object>(gateway, 'PUT', `/agreements/${encodeURIComponent(id)}/status`, change),
  );
  if (values['json'] === true) return print(JSON.stringify(done));
  const what = endsAt === undefined ? `is ${status}` : `ends on ${endsAt.slice(0, 10)}`;
  print(`agreement ${id} ${what}${late === '' ? '' : `; ${late}`}`);
}
