import type { Result } from '../../kernel/index.ts';
import type { Rights } from '../gateway/rights.ts';
import { groupsOf, type TrustView } from '../gateway/trust-view.ts';
import { type AgreementRefusal, type Decision, type DecisionStep, decide } from '../message/agreement.ts';
import { readServicePath } from '../message/path-glob.ts';
import { OUTCOMES, stepText } from './texts/explain.ts';

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

type Words = (typeof OUTCOMES)[keyof typeof OUTCOMES];

export type Explanation = {
  readonly allowed: boolean;
  readonly agreement: string | null;
  readonly version: number | null;
  readonly purpose: string | null;
  readonly text: Words;
  /** In the order in which the gateway asks. */
  readonly steps: readonly (Omit<DecisionStep, 'rule'> & {
    readonly rule: DecisionStep['rule'];
    readonly text: Words;
  })[];
};

const no = (text: Words, steps: Explanation['steps'] = []): Explanation => ({
  allowed: false,
  agreement: null,
  version: null,
  purpose: null,
  text,
  steps,
});

/**
 * Why a call would be allowed or not: the gateway's own decision, listened to. Rate and quota are not asked, since
 * asking would use them up.
 */
export function explainCall(rights: Rights, view: TrustView, call: AskedCall, at: Date): Explanation {
  const service = rights.services.get(call.service);
  if (service === undefined) return no(OUTCOMES.noService);
  const path = readServicePath(call.path);
  if (path === undefined) return no(OUTCOMES.badPath);
  const steps: DecisionStep[] = [];
  const { query, headers, ...input } = call;
  const decided: Result<Decision, AgreementRefusal> = decide(
    { ...input, path, groups: groupsOf(view, call.client), facts: () => ({ query, headers }) },
    rights.byService.get(call.service) ?? [],
    at,
    (step) => steps.push(step),
  );
  const told = steps.map((step) => ({ ...step, text: stepText(step) }));
  const last = told.findLast((step) => !step.holds);
  if (!decided.ok) return no(last?.text ?? OUTCOMES.noAgreement, told);
  if (!service.enabled) return no(OUTCOMES.disabled, told);
  const { agreement, purpose } = decided.value;
  return {
    allowed: true,
    agreement: agreement.id,
    version: agreement.version,
    purpose,
    text: OUTCOMES.allowed,
    steps: told,
  };
}
