import { err, type LocalText, ok, type Result } from '../../kernel/index.ts';
import { type ConditionInput, conditionHolds } from './condition.ts';
import { type FieldTree, fieldTree } from './minimise.ts';
import { matchesGlob } from './path-glob.ts';

/** What X-Road calls an access right: who may ask what, why, by which text, and which fields are answered. */
export type Agreement = {
  readonly id: string;
  readonly version: number;
  /** INST/CLASS/MEMBER/SUBSYSTEM of the one who asks, or GROUP:CODE for a group of the registry. */
  readonly client: string;
  /** INST/CLASS/MEMBER/SUBSYSTEM/SERVICE */
  readonly service: string;
  readonly endpoints: readonly { readonly method: string; readonly path: string }[];
  readonly purposes: readonly { readonly code: string; readonly text: LocalText }[];
  readonly legalBasis: { readonly text: LocalText; readonly ref: string };
  /** See `fieldTree`. Empty lets nothing through. */
  readonly fields: readonly string[];
  readonly validFrom: string;
  readonly validUntil: string;
  /** `draft`, `offered` and `declined` are of versions that never were in force. */
  readonly status: 'draft' | 'offered' | 'declined' | 'active' | 'suspended' | 'ended';
  /** Notice was given: from then on it has ended. */
  readonly endsAt?: string;
  /** What the one who suspended, declined or ended it gave as the reason. */
  readonly reason?: string;
  readonly terms?: AgreementTerms;
  /** Where signatures of both members are required: whether they are there. */
  readonly isSigned?: boolean;
};

export type AgreementTerms = {
  /** CEL, see `parseCondition`; where it does not hold, or fails, there is no exchange. */
  readonly condition?: string;
  readonly ratePerMinute?: number;
  readonly quota?: { readonly perDay?: number; readonly perMonth?: number };
  /** Bodies that are no JSON, where `fields` leaves some only: passed whole, or refused (by default). */
  readonly otherBodies?: 'whole' | 'refuse';
  readonly archive?: ArchiveTerm;
};

/** Bodies that are kept, encrypted, beside the proof; without it none is. */
export type ArchiveTerm = {
  readonly keep: 'request' | 'response' | 'both';
  /** From the moment of the message; then the body is erased, and the proof stays. */
  readonly days: number;
  /** Whose gateway keeps it. A group has no gateway of its own: there it is the provider. */
  readonly by: 'provider' | 'client' | 'both';
};

export const ARCHIVE_KEEPS = ['request', 'response', 'both'] as const satisfies readonly ArchiveTerm['keep'][];
export const ARCHIVERS = ['provider', 'client', 'both'] as const satisfies readonly ArchiveTerm['by'][];
/** Ten years: what is to be kept for longer belongs into the member's own records, under the law of archives. */
export const MOST_ARCHIVE_DAYS = 3_653;

export type DecisionInput = {
  readonly client: string;
  readonly service: string;
  readonly method: string;
  /** Decoded service path, as `readServicePath` gives it. */
  readonly path: string;
  readonly purpose: string | undefined;
  /** Set where the client names the agreement it relies on. */
  readonly agreement: string | undefined;
  /** Codes of the groups that the client is in. */
  readonly groups?: ReadonlySet<string>;
  /** Read only where a condition asks for them. */
  readonly facts?: () => Pick<ConditionInput, 'query' | 'headers'>;
};

export type Decision = { readonly agreement: Agreement; readonly purpose: string };

export type AgreementRefusal = {
  readonly kind:
    | 'no-agreement'
    | 'agreement-not-valid'
    | 'endpoint-not-agreed'
    | 'purpose-not-agreed'
    | 'condition-not-met';
  readonly detail: string;
};

const refuse = (kind: AgreementRefusal['kind'], detail: string) => err<AgreementRefusal>({ kind, detail });

/** What an agreement is worth at an instant, all else aside. */
export type Standing =
  | 'in-force'
  | 'draft'
  | 'offered'
  | 'declined'
  | 'unsigned'
  | 'suspended'
  | 'ended'
  | 'early'
  | 'late';

/** Why a question was answered no. */
export type DecisionReason =
  | Exclude<Standing, 'in-force'>
  | 'other-agreement'
  | 'other-client'
  | 'not-in-group'
  | 'endpoint'
  | 'purpose-unstated'
  | 'purpose-other'
  | 'condition'
  | 'condition-failed';

/** One question that was put to one agreement, and its answer. */
export type DecisionStep = {
  readonly rule: 'parties' | 'validity' | 'endpoint' | 'purpose' | 'condition';
  readonly agreement: string;
  readonly version: number;
  readonly holds: boolean;
  readonly why?: DecisionReason;
};

/**
 * The provider's decision: the first agreement that covers client, service, time, endpoint, purpose and condition. Each
 * narrower question is asked only of those that passed the wider one, so that the refusal names the right reason.
 * `tell` hears each question with its answer, for who asks why.
 */
export function decide(
  input: DecisionInput,
  agreements: readonly Agreement[],
  now: Date,
  tell?: (step: DecisionStep) => void,
): Result<Decision, AgreementRefusal> {
  const ask = (rule: DecisionStep['rule'], one: Agreement, why: DecisionReason | undefined): boolean => {
    const holds = why === undefined;
    tell?.({ rule, agreement: one.id, version: one.version, holds, ...(holds ? {} : { why }) });
    return holds;
  };
  const onService = agreements.filter((one) => one.service === input.service);
  const between = onService.filter((one) => ask('parties', one, partiesRefusal(one, input)));
  if (between.length === 0) return refuse('no-agreement', `${input.client} has no agreement on ${input.service}`);
  const valid = between.filter((one) => ask('validity', one, standingRefusal(one, now)));
  if (valid.length === 0) return refuse('agreement-not-valid', standingDetail(between, now));
  const covering = valid.filter((one) => ask('endpoint', one, endpointRefusal(one, input)));
  if (covering.length === 0) {
    return refuse('endpoint-not-agreed', `the agreement ${valid[0]?.id} does not cover this method and path`);
  }
  const meant = covering.filter((one) => ask('purpose', one, purposeRefusal(one, input.purpose)));
  if (meant.length === 0) {
    const codes = covering.flatMap((one) => one.purposes.map((purpose) => purpose.code)).join(', ');
    return refuse('purpose-not-agreed', `Wasl-Purpose must be one of: ${codes}`);
  }
  for (const agreement of meant) {
    const purpose = purposeUnder(agreement, input.purpose);
    if (purpose !== undefined && ask('condition', agreement, conditionRefusal(agreement, input, now))) {
      return ok({ agreement, purpose });
    }
  }
  return refuse('condition-not-met', `the condition of the agreement ${meant[0]?.id} does not hold for this request`);
}

/** Before the code of a group, where a client stands otherwise. */
export const GROUP = 'GROUP:';

function partiesRefusal(agreement: Agreement, { client, agreement: named, groups }: DecisionInput) {
  const isWithGroup = agreement.client.startsWith(GROUP);
  if (isWithGroup && groups?.has(agreement.client.slice(GROUP.length)) !== true) return 'not-in-group';
  if (!isWithGroup && agreement.client !== client) return 'other-client';
  return named !== undefined && agreement.id !== named ? 'other-agreement' : undefined;
}

/** Whether `client`, or a group that it is in, is the other side. */
export function isWith(agreement: Agreement, client: string, groups: ReadonlySet<string>): boolean {
  return partiesRefusal(agreement, { client, groups, agreement: undefined } as DecisionInput) === undefined;
}

function conditionRefusal(agreement: Agreement, input: DecisionInput, at: Date): DecisionReason | undefined {
  const condition = agreement.terms?.condition;
  if (condition === undefined) return undefined;
  const { method, path } = input;
  const holds = conditionHolds(condition, { method, path, query: {}, headers: {}, ...input.facts?.(), at });
  if (!holds.ok) return 'condition-failed';
  return holds.value ? undefined : 'condition';
}

export function standingOf(agreement: Agreement, now: Date): Standing {
  const { status, isSigned, validFrom, validUntil, endsAt } = agreement;
  const at = now.getTime();
  if (endsAt !== undefined && Date.parse(endsAt) <= at && status !== 'declined') return 'ended';
  if (status !== 'active') return status;
  if (isSigned === false) return 'unsigned';
  if (at < Date.parse(validFrom)) return 'early';
  return at < Date.parse(validUntil) ? 'in-force' : 'late';
}

function standingRefusal(agreement: Agreement, now: Date): DecisionReason | undefined {
  const standing = standingOf(agreement, now);
  return standing === 'in-force' ? undefined : standing;
}

const STANDINGS: Readonly<Record<Exclude<Standing, 'in-force'>, string>> = {
  draft: 'is a draft',
  offered: 'is not signed by the client',
  declined: 'was declined by the client',
  unsigned: 'is not signed by both members',
  suspended: 'is suspended',
  ended: 'has ended',
  early: 'is not in force yet',
  late: 'is past its last day',
};

/** Of several versions the newest that was in force once says most: the one before it ended by being replaced. */
function standingDetail(agreements: readonly Agreement[], now: Date): string {
  const newestFirst = agreements.toSorted((a, b) => b.version - a.version);
  const wasInForce = (one: Agreement) =>
    one.status === 'active' || one.status === 'suspended' || one.status === 'ended';
  const told = newestFirst.find(wasInForce) ?? newestFirst[0];
  const standing = told === undefined ? 'ended' : standingOf(told, now);
  return `the agreement ${told?.id} ${standing === 'in-force' ? 'is in force' : STANDINGS[standing]}`;
}

function endpointRefusal(agreement: Agreement, { method, path }: DecisionInput): DecisionReason | undefined {
  const covers = agreement.endpoints.some(
    (endpoint) => (endpoint.method === '*' || endpoint.method === method) && matchesGlob(endpoint.path, path),
  );
  return covers ? undefined : 'endpoint';
}

function purposeRefusal(agreement: Agreement, given: string | undefined): DecisionReason | undefined {
  if (purposeUnder(agreement, given) !== undefined) return undefined;
  return given === undefined ? 'purpose-unstated' : 'purpose-other';
}

/** An adapter made for X-Road sends no purpose: where the agreement has one only, that is the purpose. */
function purposeUnder(agreement: Agreement, given: string | undefined): string | undefined {
  if (given === undefined) return agreement.purposes.length === 1 ? agreement.purposes[0]?.code : undefined;
  return agreement.purposes.find((purpose) => purpose.code === given)?.code;
}

const trees = new WeakMap<Agreement, FieldTree>();

export function fieldsOf(agreement: Agreement): FieldTree {
  const known = trees.get(agreement);
  if (known !== undefined) return known;
  const tree = fieldTree(agreement.fields);
  trees.set(agreement, tree);
  return tree;
}
