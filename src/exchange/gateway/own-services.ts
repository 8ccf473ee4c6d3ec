import type { Json } from '../../kernel/index.ts';
import { type Agreement, isWith, standingOf } from '../message/agreement.ts';
import { Fault } from '../message/fault.ts';
import { lastOf } from '../message/headers.ts';
import { formatService, formatSubsystem, parseService } from '../message/identifiers.ts';
import type { Inbound } from './inbound.ts';
import type { GatewayContext, OwnAnswer, PartService, ServiceEntry } from './model.ts';
import type { Rights } from './rights.ts';
import { groupsOf, trustView } from './trust-view.ts';
import type { Incoming } from './wire.ts';

/** The agreement that a message was allowed under, where one was needed. */
export type Under = { readonly agreement: Agreement | undefined; readonly purpose: string | undefined };

/** A service that the gateway answers itself, under a code that no other service may have. */
export type OwnService = {
  readonly needsAgreement: boolean;
  answer(context: GatewayContext, rights: Rights, inbound: Inbound, under: Under): Promise<OwnAnswer>;
};

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
    const now = context.clock();
    const groups = groupsOf(trustView(context.trust, now), inbound.client);
    const inForce = rights.agreements.filter(
      (one) => isWith(one, inbound.client, groups) && standingOf(one, now) === 'in-force',
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
  ['listMethods', listMethods],
  ['allowedMethods', allowedMethods],
  ['getOpenAPI', getOpenApi],
]);

/** Codes that no service of the member's own may have: the gateway, or a part of it, answers them. */
export const RESERVED_CODES: ReadonlySet<string> = new Set([
  ...OWN_SERVICES.keys(),
  'findUsage',
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
      return part.answer({ ...asked, body: wholeBody(incoming), ...under });
    },
  };
}

/** Any member may ask these, and none needs as much: what would be streamed to a service is not taken into memory here. */
function wholeBody({ body, large }: Incoming): Buffer {
  if (large !== undefined) throw new Fault('body-too-large', 'The body is larger than this gateway itself takes.');
  return body;
}
