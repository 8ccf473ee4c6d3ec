import { type Agreement, decide } from '../message/agreement.ts';
import { Fault } from '../message/fault.ts';
import { type HeaderList, lastOf } from '../message/headers.ts';
import { describeService, formatSubsystem } from '../message/identifiers.ts';
import { readServicePath } from '../message/path-glob.ts';
import type { Inbound } from './inbound.ts';
import type { GatewayContext, PartServiceFinder, ServiceEntry } from './model.ts';
import { OWN_SERVICES, type OwnService, ofPart } from './own-services.ts';
import type { Rights } from './rights.ts';
import { groupsOf, trustView } from './trust-view.ts';

/** Who answers an allowed message, and under which agreement; the metaservices of X-Road need none. */
export type Allowed = {
  readonly answers: ServiceEntry | OwnService;
  readonly agreement: Agreement | undefined;
  readonly purpose: string | undefined;
};

/** The provider's decision, in X-Road's order: is there the service, may they, is it switched on. Throws Fault. */
export function allow(context: GatewayContext, rights: Rights, inbound: Inbound): Allowed {
  const answers = answererOf(context, rights, inbound);
  const path = readServicePath(inbound.target.path);
  if (path === undefined) {
    throw new Fault(
      'path-traversal',
      `The path after ${inbound.service} has dot segments or control characters, or hides them by encoding.`,
      { xRoadMessage: `Request is not allowed: ${describeService(inbound.target.service)}` },
    );
  }
  if ('answer' in answers && !answers.needsAgreement) return { answers, agreement: undefined, purpose: undefined };
  const { headers, method } = inbound.incoming;
  const decision = decide(
    {
      client: inbound.client,
      service: inbound.service,
      method,
      path,
      purpose: lastOf(headers, 'wasl-purpose'),
      agreement: lastOf(headers, 'wasl-agreement'),
      groups: groupsOf(trustView(context.trust, context.clock()), inbound.client),
      facts: () => ({ headers: lastValues(headers), query: queryValues(inbound.target.query) }),
    },
    rights.byService.get(inbound.service) ?? [],
    context.clock(),
  );
  if (!decision.ok) {
    const xRoadMessage = `Request is not allowed: ${describeService(inbound.target.service)}`;
    throw new Fault(decision.error.kind, `The request is not allowed: ${decision.error.detail}.`, { xRoadMessage });
  }
  if ('enabled' in answers && !answers.enabled) {
    throw new Fault(
      'service-disabled',
      `Service ${describeService(inbound.target.service)} is disabled: ${answers.notice}`,
    );
  }
  return { answers, ...decision.value };
}

/** Of a repeated header the last value counts, as everywhere. */
function lastValues(headers: HeaderList): Record<string, string> {
  const values: Record<string, string> = Object.create(null);
  for (const [name, value] of headers) values[name.toLowerCase()] = value;
  return values;
}

function queryValues(query: string): Record<string, string> {
  const values: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(query)) values[name] = value;
  return values;
}

function answererOf(context: GatewayContext, rights: Rights, inbound: Inbound): ServiceEntry | OwnService {
  const { service } = inbound.target;
  if (context.subsystems.has(formatSubsystem(service))) {
    const { method } = inbound.incoming;
    const own = method === 'GET' ? OWN_SERVICES.get(service.service) : undefined;
    const part = partOf(context, { service, method, path: inbound.target.path });
    const answers = part ?? own ?? rights.services.get(inbound.service);
    if (answers !== undefined) return answers;
  }
  throw new Fault('service-unknown', `Unknown service: ${describeService(service)}`);
}

function partOf(context: GatewayContext, asked: Parameters<PartServiceFinder>[0]): OwnService | undefined {
  for (const find of context.partServices) {
    const found = find(asked);
    if (found !== undefined) return ofPart(found);
  }
  return undefined;
}
