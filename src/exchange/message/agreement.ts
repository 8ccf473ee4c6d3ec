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

/** One question that was put to one agreement, and its answer. */
export type DecisionStep = {
  readonly rule: 'parties' | 'validity' | 'endpoint' | 'purpose' | 'condition';
  readonly agreement: string;
  readonly version: number;
  readonly holds: boolean;
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
  const ask = (rule: DecisionStep['rule'], one: Agreement, holds: boolean): boolean => {
    tell?.({ rule, agreement: one.id, version: one.version, holds });
    return holds;
  };
  const onService = agreements.filter((one) => one.service === input.service);
  const between = onService.filter((one) => ask('parties', one, isBetween(one, input)));
  if (between.length === 0) return refuse('no-agreement', `${input.client} has no agreement on ${input.service}`);
  const valid = between.filter((one) => ask('validity', one, isValid(one, now)));
  if (valid.length === 0) {
    return refuse(
      'agreement-not-valid',
      `the agreement ${between[0]?.id} is suspended, ended, not signed or outside its dates`,
    );
  }
  const covering = valid.filter((one) => ask('endpoint', one, coversEndpoint(one, input.method, input.path)));
  if (covering.length === 0) {
    return refuse('endpoint-not-agreed', `the agreement ${valid[0]?.id} does not cover this method and path`);
  }
  const meant = covering.filter((one) => ask('purpose', one, purposeUnder(one, input.purpose) !== undefined));
  if (meant.length === 0) {
    const codes = covering.flatMap((one) => one.purposes.map((purpose) => purpose.code)).join(', ');
    return refuse('purpose-not-agreed', `Wasl-Purpose must be one of: ${codes}`);
  }
  for (const agreement of meant) {
    const purpose = purposeUnder(agreement, input.purpose);
    if (purpose !== undefined && ask('condition', agreement, meetsCondition(agreement, input, now))) {
      return ok({ agreement, purpose });
    }
  }
  return refuse('condition-not-met', `the condition of the agreement ${meant[0]?.id} does not hold for this request`);
}

function isBetween(agreement: Agreement, { client, agreement: named, groups }: DecisionInput): boolean {
  if (named !== undefined && agreement.id !== named) return false;
  if (agreement.client === client) return true;
  return agreement.client.startsWith(GROUP) && groups?.has(agreement.client.slice(GROUP.length)) === true;
}

/** Before the code of a group, where a client stands otherwise. */
export const GROUP = 'GROUP:';

function meetsCondition(agreement: Agreement, input: DecisionInput, at: Date): boolean {
  const condition = agreement.terms?.condition;
  if (condition === undefined) return true;
  const { method, path } = input;
  const holds = conditionHolds(condition, { method, path, query: {}, headers: {}, ...input.facts?.(), at });
  return holds.ok && holds.value;
}

function isValid(agreement: Agreement, now: Date): boolean {
  const at = now.getTime();
  return (
    agreement.status === 'active' &&
    agreement.isSigned !== false &&
    Date.parse(agreement.validFrom) <= at &&
    at < Date.parse(agreement.validUntil) &&
    (agreement.endsAt === undefined || at < Date.parse(agreement.endsAt))
  );
}

function coversEndpoint(agreement: Agreement, method: string, path: string): boolean {
  return agreement.endpoints.some(
    (endpoint) => (endpoint.method === '*' || endpoint.method === method) && matchesGlob(endpoint.path, path),
  );
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
