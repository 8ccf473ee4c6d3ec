import type { Rights } from '../gateway/rights.ts';
import { groupsOf, type TrustView } from '../gateway/trust-view.ts';
import { type Agreement, type DecisionStep, decide } from '../message/agreement.ts';
import { readServicePath } from '../message/path-glob.ts';
import { OUTCOMES, stepText, type Words } from './texts/explain.ts';

/** A call that was made or might be. */
export type AskedCall = {
  readonly client: string;
  readonly service: string;
  readonly method: string;
  /** As it would stand in the address, percent-encoded. */
  readonly path: string;
  readonly purpose: string | undefined;
  readonly agreement: string | undefined;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
};

export type Explanation = {
  readonly allowed: boolean;
  readonly agreement: string | null;
  readonly version: number | null;
  readonly purpose: string | null;
  /** The text by which the agreement stands, where one was found. */
  readonly legalBasis: Agreement['legalBasis'] | null;
  readonly text: Words;
  /** In the order in which the gateway asks. */
  readonly steps: readonly (DecisionStep & { readonly text: Words })[];
};

const no = (text: Words, steps: Explanation['steps'] = []): Explanation => ({
  allowed: false,
  agreement: null,
  version: null,
  purpose: null,
  legalBasis: null,
  text,
  steps,
});

/**
 * Why a call would be allowed or not: the gateway's own decision, listened to. Rate and quota are not asked here, since
 * asking would use them up.
 */
export function explainCall(rights: Rights, view: TrustView, call: AskedCall, at: Date): Explanation {
  const service = rights.services.get(call.service);
  const agreements = rights.byService.get(call.service) ?? [];
  // What the gateway itself answers stands in no list of services, but needs its agreement.
  if (service === undefined && agreements.length === 0) return no(OUTCOMES.noService);
  const explained = explainBy(agreements, view, call, at, OUTCOMES.noAgreement);
  return explained.allowed && service?.enabled === false ? no(OUTCOMES.disabled, explained.steps) : explained;
}

/** The same at the client's gateway, on what providers have offered and told; they have the last word. */
export function explainHeld(held: readonly Agreement[], view: TrustView, call: AskedCall, at: Date): Explanation {
  const agreements = held.filter((one) => one.service === call.service);
  const explained = explainBy(agreements, view, call, at, OUTCOMES.noneHeld);
  return explained.allowed ? { ...explained, text: OUTCOMES.allowedAsFarAsKnown } : explained;
}

function explainBy(
  agreements: readonly Agreement[],
  view: TrustView,
  call: AskedCall,
  at: Date,
  none: Words,
): Explanation {
  const path = readServicePath(call.path);
  if (path === undefined) return no(OUTCOMES.badPath);
  const steps: DecisionStep[] = [];
  const { query, headers, ...input } = call;
  const groups = groupsOf(view, call.client);
  const facts = () => ({ query, headers });
  const decided = decide({ ...input, path, groups, facts }, agreements, at, (step) => steps.push(step));
  const reasonOf = ({ agreement, version }: DecisionStep) =>
    agreements.find((one) => one.id === agreement && one.version === version)?.reason;
  const told = steps.map((step) => ({ ...step, text: stepText(step, reasonOf(step)) }));
  if (!decided.ok) return no(decisive(told)?.text ?? none, told);
  const { agreement, purpose } = decided.value;
  const { id, version, legalBasis } = agreement;
  return { allowed: true, agreement: id, version, purpose, legalBasis, text: OUTCOMES.allowed, steps: told };
}

/** The last rule that was asked decides; of the versions that failed it, the newest. */
function decisive(steps: Explanation['steps']): Explanation['steps'][number] | undefined {
  const rule = steps.at(-1)?.rule;
  return steps.filter((step) => step.rule === rule && !step.holds).toSorted((a, b) => b.version - a.version)[0];
}
