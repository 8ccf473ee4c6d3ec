import type { Json } from '../../kernel/index.ts';
import { textOf } from '../agreement/legal.ts';
import type { GatewayCore } from '../gateway/extension.ts';
import type { GatewayContext, OwnAnswer, PartMessage, PartService } from '../gateway/model.ts';
import type { Rights } from '../gateway/rights.ts';
import { gatewayOf, trustView } from '../gateway/trust-view.ts';
import type { Agreement } from '../message/agreement.ts';
import { Fault } from '../message/fault.ts';
import type { Contest } from './model.ts';
import { parseUsageQuery } from './query.ts';
import { contestView, subjectOf } from './service.ts';
import { contestsAbout, listUsages, type UsageRow } from './store.ts';

/**
 * `findUsage`: what this member gave about one person and what it asked for, newest first, each with the agreement and the
 * text that allowed it. The person comes in the header Wasl-Subject, never in an address. Both sides of an exchange
 * tell it by the same number, so that whoever asks both can lay them side by side.
 */
export function usageList(core: GatewayCore): PartService {
  return {
    needsAgreement: true,
    answer: (message) => list(core, message),
  };
}

async function list(core: GatewayCore, message: PartMessage): Promise<OwnAnswer> {
  const { context, rights } = core;
  const subject = subjectOf(core, message);
  const query = parseUsageQuery(message.query);
  if (!query.ok) throw new Fault('usage-query-malformed', `${query.error}.`);
  const { total, rows } = await listUsages(context.db.read, subject, query.value);
  const page = rows.slice(0, query.value.limit);
  const contests = await contestsAbout(
    context.db.read,
    subject,
    page.map((row) => row.exchange),
  );
  return {
    data: {
      totalUsages: total,
      /** Give it as `before` for those below; null where there are none. */
      next: rows.length > page.length ? String(page.at(-1)?.index ?? 0) : null,
      /** This gateway's subsystems: whichever is asked, the answer is of all of them. */
      answersFor: [...context.subsystems].sort(),
      usages: page.map((row) => usageOf(context, rights.current(), row, contests.get(row.exchange))),
    },
  };
}

const INBOX = '/receiveEvents';

/** Who had data from whom: an event is given by its publisher, in the request, to the subscriber it is sent to. */
function partiesOf(rights: Rights, row: UsageRow) {
  const { client, service, agreement: id, agreementVersion } = row;
  if (!service.endsWith(INBOX)) {
    const agreement = rights.agreements.find((one) => one.id === id && one.version === agreementVersion);
    return { role: row.side === 'provider' ? 'gave' : 'asked', client, service, agreement } as const;
  }
  const eventAgreement = agreementOfEvent(rights, row);
  const subscriber = service.slice(0, -INBOX.length);
  return {
    role: 'gave',
    client: subscriber,
    service: eventAgreement?.service ?? service,
    agreement: eventAgreement,
  } as const;
}

function agreementOfEvent(rights: Rights, { base, at }: UsageRow): Agreement | undefined {
  const id = /^"wasl-agreement": (.+)$/m.exec(base ?? '')?.[1];
  return rights.agreements
    .filter((one) => one.id === id && Date.parse(one.validFrom) <= at.getTime())
    .toSorted((a, b) => b.version - a.version)[0];
}

function usageOf(context: GatewayContext, rights: Rights, row: UsageRow, contest: Contest | undefined): Json {
  const { role, client, service, agreement } = partiesOf(rights, row);
  const purpose = agreement?.purposes.find((one) => one.code === row.purpose);
  return {
    logtime: row.at.toISOString(),
    exchange: row.exchange,
    /** Where it stands here: as `before`, it asks for those below it. */
    place: String(row.index),
    role,
    client,
    clientName: nameOf(context, client),
    service,
    giverName: nameOf(context, service.slice(0, service.lastIndexOf('/'))),
    serviceTitle: rights.services.get(service)?.description?.title ?? null,
    outcome: row.outcome,
    status: row.status,
    fault: row.fault,
    agreement: agreement?.id ?? row.agreement,
    agreementVersion: agreement?.version ?? row.agreementVersion,
    legalBasis: basisOf(context, agreement),
    purpose: row.purpose,
    purposeText: (purpose?.text ?? null) as Json,
    // Of the version that the answer was given under, which may not be today's.
    fields: agreement === undefined ? [] : [...agreement.fields],
    // What was said is kept for so long, encrypted, where the agreement says so.
    keptDays: agreement?.terms?.archive?.days ?? null,
    contest: contest === undefined ? null : contestView(contest),
  };
}

/** With the title of the text, where it is one of this member's register. */
function basisOf({ settings }: GatewayContext, agreement: Agreement | undefined): Json {
  if (agreement === undefined) return null;
  const { legalBasis } = agreement;
  const title = settings.legalRegister && textOf(settings.legalRegister, legalBasis.ref)?.title;
  return { ...legalBasis, title: title ?? null } as Json;
}

function nameOf(context: GatewayContext, subsystem: string): Json {
  const member = gatewayOf(trustView(context.trust, context.clock()), subsystem)?.statement.member;
  return (member?.name ?? null) as Json;
}
