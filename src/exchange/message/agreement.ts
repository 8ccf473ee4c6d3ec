import { err, type LocalText, ok, type Result } from '../../kernel/index.ts';
import { type FieldTree, fieldTree } from './minimise.ts';
import { matchesGlob } from './path-glob.ts';

/** What X-Road calls an access right: who may ask what, why, by which text, and which fields are answered. */
export type Agreement = {
  readonly id: string;
  readonly version: number;
  /** INST/CLASS/MEMBER/SUBSYSTEM of the one who asks. */
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
  readonly status: 'active' | 'suspended' | 'ended';
};

export type DecisionInput = {
  readonly client: string;
  readonly service: string;
  readonly method: string;
  /** Decoded service path, as `readServicePath` gives it. */
  readonly path: string;
  readonly purpose: string | undefined;
  /** Set where the client names the agreement it relies on. */
  readonly agreement: string | undefined;
};

export type Decision = { readonly agreement: Agreement; readonly purpose: string };

export type AgreementRefusal = {
  readonly kind: 'no-agreement' | 'agreement-not-valid' | 'endpoint-not-agreed' | 'purpose-not-agreed';
  readonly detail: string;
};

const refuse = (kind: AgreementRefusal['kind'], detail: string) => err<AgreementRefusal>({ kind, detail });

/**
 * The provider's decision: the first agreement that covers client, service, time, endpoint and purpose. Each
 * narrower question is asked only of those that passed the wider one, so that the refusal names the right reason.
 */
export function decide(
  input: DecisionInput,
  agreements: readonly Agreement[],
  now: Date,
): Result<Decision, AgreementRefusal> {
  const between = agreements.filter(
    (one) =>
      one.client === input.client &&
      one.service === input.service &&
      (input.agreement === undefined || one.id === input.agreement),
  );
  if (between.length === 0) return refuse('no-agreement', `${input.client} has no agreement on ${input.service}`);
  const valid = between.filter((one) => isValid(one, now));
  if (valid.length === 0) {
    return refuse('agreement-not-valid', `the agreement ${between[0]?.id} is suspended, ended or outside its dates`);
  }
  const covering = valid.filter((one) => coversEndpoint(one, input.method, input.path));
  if (covering.length === 0) {
    return refuse('endpoint-not-agreed', `the agreement ${valid[0]?.id} does not cover this method and path`);
  }
  for (const agreement of covering) {
    const purpose = purposeUnder(agreement, input.purpose);
    if (purpose !== undefined) return ok({ agreement, purpose });
  }
  const codes = covering.flatMap((one) => one.purposes.map((purpose) => purpose.code)).join(', ');
  return refuse('purpose-not-agreed', `Wasl-Purpose must be one of: ${codes}`);
}

function isValid(agreement: Agreement, now: Date): boolean {
  const at = now.getTime();
  return (
    agreement.status === 'active' && Date.parse(agreement.validFrom) <= at && at < Date.parse(agreement.validUntil)
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
