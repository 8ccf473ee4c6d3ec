/** Why a person contests a use of their data (law 09-08, articles 8 and 9). */
export const CONTEST_REASONS = ['not-mine', 'no-consent', 'wrong-purpose', 'too-much', 'other'] as const;
export type ContestReason = (typeof CONTEST_REASONS)[number];

export type ContestState = 'open' | 'upheld' | 'rejected';

/** A person's request to a member about one exchange. */
export type Contest = {
  readonly id: number;
  readonly exchange: string;
  readonly reason: ContestReason;
  readonly words: string;
  readonly openedAt: Date;
  readonly state: ContestState;
  readonly answer: string | null;
  readonly answeredAt: Date | null;
};

/** The number that the person is given. */
export function contestNumber({ id, openedAt }: Pick<Contest, 'id' | 'openedAt'>): string {
  return `${openedAt.getUTCFullYear()}-${String(id).padStart(6, '0')}`;
}
