import { err, ok, type Result } from '../../kernel/index.ts';
import type { EvidenceFile } from '../evidence/model.ts';
import type { EvidenceReport } from '../evidence/report.ts';
import type { Agreement } from '../message/agreement.ts';
import type { TrustAnchor } from '../trust/model.ts';

export const TRIAL_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** What somebody who tries the sandbox wants to send. */
export type TrialRequest = {
  readonly method: (typeof TRIAL_METHODS)[number];
  /** Path and query after the service. */
  readonly path: string;
  readonly body: string;
  readonly purpose: string;
};

export type TrialFault = { readonly field: 'method' | 'path' | 'body' | 'purpose' };

export function parseTrial(fields: Readonly<Record<string, string>>): Result<TrialRequest, readonly TrialFault[]> {
  const { method: named = '', path = '', body = '', purpose = '' } = fields;
  const method = TRIAL_METHODS.find((one) => one === named);
  const faults: TrialFault[] = [];
  if (method === undefined) faults.push({ field: 'method' });
  if (!/^\/[!-~]{0,500}$/.test(path) || path.includes('#')) faults.push({ field: 'path' });
  if (body.length > 4000) faults.push({ field: 'body' });
  if (!/^[A-Za-z0-9._-]{0,80}$/.test(purpose)) faults.push({ field: 'purpose' });
  return method === undefined || faults.length > 0 ? err(faults) : ok({ method, path, body, purpose });
}

export type Headers = readonly (readonly [string, string])[];

/** An entry of a gateway's log about the message, as its operator's API tells it. */
export type TrialEntry = {
  readonly index: number;
  readonly kind: 'request' | 'response' | 'refusal';
  readonly at: string;
  readonly agreement: string | null;
  readonly purpose: string | null;
  readonly status: number | null;
  readonly fault: string | null;
};

/** One message with everything that can be known of it afterwards. */
export type Trial = {
  readonly id: string;
  readonly request: TrialRequest;
  readonly sent: { readonly url: string; readonly headers: Headers };
  readonly answer: { readonly status: number; readonly headers: Headers; readonly body: string; readonly ms: number };
  /** The gateways' own refusal; undefined where the service answered, however it did. */
  readonly refusal: { readonly type: string; readonly message: string } | undefined;
  readonly entries: { readonly consumer: readonly TrialEntry[]; readonly provider: readonly TrialEntry[] };
  readonly agreement: Agreement | undefined;
  readonly proof: TrialProof | undefined;
};

export type TrialProof = { readonly file: EvidenceFile; readonly report: EvidenceReport; readonly bytes: Buffer };

/** A gateway of the sandbox, as its operator reaches it. */
export type TrialSide = { readonly url: string; readonly operatorToken: string };

export type TrialSample = { readonly method: TrialRequest['method']; readonly path: string; readonly body?: string };

export type TrialDeps = {
  readonly consumer: TrialSide;
  readonly provider: TrialSide;
  readonly client: string;
  readonly service: string;
  readonly anchor: TrustAnchor;
  /** The first is what the form begins with. */
  readonly samples: readonly TrialSample[];
  readonly newId: () => string;
};
