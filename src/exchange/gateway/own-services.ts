import type { Json } from '../../kernel/index.ts';
import type { Agreement } from '../message/agreement.ts';
import { Fault } from '../message/fault.ts';
import { lastOf } from '../message/headers.ts';
import { formatService, formatSubsystem, parseService } from '../message/identifiers.ts';
import { subjectHash } from './entry.ts';
import type { Inbound } from './inbound.ts';
import type { GatewayContext, MessageRecord, OwnAnswer, PartService, ServiceEntry } from './model.ts';
import type { Rights } from './rights.ts';
import { listUsages } from './store.ts';
import { gatewayOf, trustView } from './trust-view.ts';
import type { Incoming } from './wire.ts';

/** The agreement that a message was allowed under, where one was needed. */
export type Under = { readonly agreement: Agreement | undefined; readonly purpose: string | undefined };

/** A service that the gateway answers itself, under a code that no other service may have. */
export type OwnService = {
  readonly needsAgreement: boolean;
  answer(context: GatewayContext, rights: Rights, inbound: Inbound, under: Under): Promise<OwnAnswer>;
};

const MOST_USAGES = 500;

/**
 * `findUsage`: what this gateway answered about one person, newest first, each with the agreement and the text that
 * allowed it. The person comes in the header Wasl-Subject, never in an address.
 */
const findUsage: OwnService = {
  needsAgreement: true,
  async answer(context, rights, inbound) {
    const subject = lastOf(inbound.incoming.headers, 'wasl-subject');
    const hash = subjectHash(subject, context.subjectKey);
    if (subject === undefined || subject === '' || hash === null) {
      throw new Fault('subject-missing', 'Wasl-Subject must name the person.');
    }
    const { total, newest } = await listUsages(context.db.read, hash, MOST_USAGES);
    return { data: { totalUsages: total, usages: newest.map((record) => usageOf(context, rights, record)) } };
  },
};

const INBOX = '/receiveEvents';

/** An event that was handed on, as what it is to the person: the subscriber had the data, of that event type. */
function asUse(rights: Rights, record: MessageRecord): MessageRecord {
  if (!record.service.endsWith(INBOX)) return record;
  const id = /^"wasl-agreement": (.+)$/m.exec(record.base)?.[1];
  const agreement = rights.agreements
    .filter((one) => one.id === id && Date.parse(one.validFrom) <= record.at.getTime())
    .toSorted((a, b) => b.version - a.version)[0];
  const client = record.service.slice(0, -INBOX.length);
  if (agreement === undefined) return { ...record, client };
  const { version: agreementVersion, service } = agreement;
  return { ...record, client, service, agreement: agreement.id, agreementVersion };
}

function usageOf(context: GatewayContext, rights: Rights, kept: MessageRecord): Json {
  const record = asUse(rights, kept);
  const agreement = rights.agreements.find(
    (one) => one.id === record.agreement && one.version === record.agreementVersion,
  );
  const member = gatewayOf(trustView(context.trust, context.clock()), record.client)?.statement.member;
  const purpose = agreement?.purposes.find((one) => one.code === record.purpose);
  return {
    logtime: record.at.toISOString(),
    exchange: record.exchange,
    client: record.client,
    clientName: (member?.name ?? null) as Json,
    service: record.service,
    agreement: record.agreement,
    agreementVersion: record.agreementVersion,
    legalBasis: (agreement?.legalBasis ?? null) as Json,
    purpose: record.purpose,
    purposeText: (purpose?.text ?? null) as Json,
    fields: agreement === undefined ? [] : [...agreement.fields],
  };
}

/** `listMethods` of PR-MREST: the services of the subsystem asked. */
const listMethods: OwnService = {
  needsAgreement: false,
  async answer(_context, rights, inbound) {
    return methodsOf(rights, inbound, (entry) => entry.description?.endpoints ?? []);
  },
};

/** `allowedMethods`: those that the client has an agreement for, with its endpoints. */
const allowedMethods: OwnService = {
  needsAgreement: false,
  async answer(context, rights, inbound) {
    const at = context.clock().getTime();
    const inForce = rights.agreements.filter(
      (one) =>
        one.client === inbound.client &&
        one.status === 'active' &&
        Date.parse(one.validFrom) <= at &&
        at < Date.parse(one.validUntil),
    );
    return methodsOf(rights, inbound, (entry) => {
      const agreements = inForce.filter((one) => one.service === entry.service);
      return agreements.length === 0 ? undefined : agreements.flatMap((one) => one.endpoints);
    });
  },
};

function methodsOf(
  rights: Rights,
  inbound: Inbound,
  endpointsOf: (entry: ServiceEntry) => Agreement['endpoints'] | undefined,
): OwnAnswer {
  const subsystem = `${formatSubsystem(inbound.target.service)}/`;
  const service: Json[] = [];
  for (const entry of rights.services.values()) {
    const id = parseService(entry.service);
    const endpoints = entry.service.startsWith(subsystem) ? endpointsOf(entry) : undefined;
    if (!id.ok || endpoints === undefined) continue;
    service.push({
      object_type: 'SERVICE',
      service_type: entry.description === undefined ? 'REST' : 'OPENAPI',
      xroad_instance: id.value.instance,
      member_class: id.value.memberClass,
      member_code: id.value.memberCode,
      subsystem_code: id.value.subsystem,
      service_code: id.value.service,
      endpoint_list: endpoints as Json,
    });
  }
  return { data: { service } };
}

/** `getOpenAPI` of PR-MREST: the description that the operator gave, with no address in it. */
const getOpenApi: OwnService = {
  needsAgreement: false,
  async answer(_context, rights, inbound) {
    const code = new URLSearchParams(inbound.target.query).get('serviceCode');
    if (code === null || code === '') {
      throw new Fault('openapi-code-missing', 'Missing serviceCode in the query of getOpenAPI.');
    }
    const entry = rights.services.get(formatService({ ...inbound.target.service, service: code }));
    if (entry === undefined) throw new Fault('openapi-not-there', 'Service not found');
    if (entry.description === undefined) throw new Fault('openapi-not-there', 'Invalid service type: REST');
    return entry.description;
  },
};

export const OWN_SERVICES: ReadonlyMap<string, OwnService> = new Map([
  ['findUsage', findUsage],
  ['listMethods', listMethods],
  ['allowedMethods', allowedMethods],
  ['getOpenAPI', getOpenApi],
]);

/** Codes that no service of the member's own may have: the gateway, or a part of it, answers them. */
export const RESERVED_CODES: ReadonlySet<string> = new Set([
  ...OWN_SERVICES.keys(),
  'receiveEvents',
  'getSecurityServerOperationalData',
  'getSecurityServerHealthData',
]);

/** A service of a part of the gateway, as one of the gateway's own. */
export function ofPart(part: PartService): OwnService {
  return {
    needsAgreement: part.needsAgreement,
    async answer(_context, _rights, { client, service, exchange, incoming, target }, under) {
      const { path, query } = target;
      const subject = lastOf(incoming.headers, 'wasl-subject') ?? '';
      const asked = { client, service, exchange, method: incoming.method, path, query, subject };
      return part.answer({ ...asked, body: await wholeBody(incoming), ...under });
    },
  };
}

async function wholeBody({ body, large }: Incoming): Promise<Buffer> {
  return large === undefined ? body : Buffer.concat(await Array.fromAsync(large.chunks()));
}
