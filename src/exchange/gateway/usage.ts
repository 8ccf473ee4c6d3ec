import type { Json } from '../../kernel/index.ts';
import { subjectHash } from './entry.ts';
import type { GatewayContext } from './model.ts';
import type { OwnService, Rights } from './provider.ts';
import { listUsages } from './store.ts';
import { trustView } from './trust-view.ts';

const MOST = 500;

/**
 * `findUsage`: what this gateway answered about one person, newest first, each with the agreement and the text that
 * allowed it. The person comes in the header Wasl-Subject, never in an address.
 */
const findUsage: OwnService = async (context, rights, subject) => {
  const hash = subjectHash(subject, context.subjectKey);
  if (hash === null) return { totalUsages: 0, usages: [] };
  const records = await listUsages(context.db.read, hash, MOST);
  // Asking who asked is itself an access, but of the person's own; it would bury the others.
  const others = records.filter((record) => !record.service.endsWith('/findUsage'));
  const usages = others.map((record) => usageOf(context, rights, record));
  return { totalUsages: usages.length, usages };
};

function usageOf(
  context: GatewayContext,
  rights: Rights,
  record: Awaited<ReturnType<typeof listUsages>>[number],
): Json {
  const agreement = rights.agreements.find((one) => one.id === record.agreement);
  const member = trustView(context.trust, context.clock()).bySubsystem.get(record.client)?.statement.member;
  const purpose = agreement?.purposes.find((one) => one.code === record.purpose);
  return {
    logtime: record.at.toISOString(),
    exchange: record.exchange,
    client: record.client,
    clientName: (member?.name ?? null) as Json,
    service: record.service,
    agreement: record.agreement,
    agreementVersion: agreement?.version ?? null,
    legalBasis: (agreement?.legalBasis ?? null) as Json,
    purpose: record.purpose,
    purposeText: (purpose?.text ?? null) as Json,
    fields: agreement === undefined ? [] : [...agreement.fields],
  };
}

export const OWN_SERVICES: ReadonlyMap<string, OwnService> = new Map([['findUsage', findUsage]]);
