/** One exchange as this side saw it end (or not yet), without what was signed. */
export type TrafficRow = {
  readonly index: number;
  readonly exchange: string;
  readonly xRoadId: string;
  readonly side: 'consumer' | 'provider';
  readonly kind: 'request' | 'response' | 'refusal';
  readonly at: Date;
  /** When its request was kept here. */
  readonly askedAt: Date | null;
  readonly client: string;
  readonly service: string;
  readonly agreement: string | null;
  readonly purpose: string | null;
  readonly status: number | null;
  readonly fault: string | null;
};

export const OUTCOMES = ['answered', 'failed', 'refused', 'open'] as const;
export type TrafficOutcome = (typeof OUTCOMES)[number];

export function outcomeOf(row: Pick<TrafficRow, 'kind' | 'status'>): TrafficOutcome {
  if (row.kind === 'request') return 'open';
  if (row.kind === 'refusal') return 'refused';
  return (row.status ?? 0) >= 500 ? 'failed' : 'answered';
}
