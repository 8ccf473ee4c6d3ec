import type { IsoDate, LocalText } from '../../kernel/index.ts';

/** A member as the exchange lists it. */
export type UsageMember = {
  /** INST/CLASS/MEMBER */
  readonly id: string;
  readonly name: LocalText;
  readonly subsystems: readonly string[];
};

export const CONTEST_REASONS = ['not-mine', 'no-consent', 'wrong-purpose', 'too-much', 'other'] as const;
export type ContestReason = (typeof CONTEST_REASONS)[number];

/** What the person contests at a member, and what came of it, as the member tells it. */
export type Contest = {
  readonly number: string;
  readonly state: 'open' | 'upheld' | 'rejected';
  readonly answer: string | undefined;
};

/** One exchange about the person as one side of it tells it. */
export type Usage = {
  readonly at: Date;
  readonly exchange: string;
  /** Where it stands at the member who tells it. */
  readonly place: string;
  readonly role: 'gave' | 'asked';
  readonly client: string;
  readonly clientName: LocalText | undefined;
  readonly service: string;
  readonly giverName: LocalText | undefined;
  /** Of the service's own description, in its own language. */
  readonly serviceTitle: string | undefined;
  readonly outcome: 'answered' | 'refused' | 'unanswered';
  readonly status: number | undefined;
  readonly agreement: string | undefined;
  readonly agreementVersion: number | undefined;
  /** A code, and its words where the member who tells it has the agreement. */
  readonly purpose: string | undefined;
  readonly purposeText: LocalText | undefined;
  readonly legalBasis:
    | { readonly text: LocalText; readonly ref: string; readonly title: LocalText | undefined }
    | undefined;
  readonly fields: readonly string[];
  /** The agreement keeps what was said for so long, encrypted. */
  readonly keptDays: number | undefined;
  readonly contest: Contest | undefined;
};

/** A line of the person's list: an exchange, told by the side that gave where that can be had. */
export type UsageLine = Usage & {
  /** Who tells it: the proof is had of them, and a contest goes to them. */
  readonly teller: string;
  readonly giver: GiverWord;
};

/**
 * What the member that was asked says of it. `silent`: the side that asked had an answer of it, and it lists none; `untold`: it
 * has no agreement on telling; `none`: nothing was answered, so there is nothing to list.
 */
export type GiverWord = 'told' | 'away' | 'untold' | 'silent' | 'none';

/** Newest first, with whether there is more below. */
export type UsageBatch = { readonly usages: readonly Usage[]; readonly hasMore: boolean };

export type UsageFilter = {
  /** INST/CLASS/MEMBER that asked or gave. */
  readonly member: string | undefined;
  /** Days in Morocco, both included. */
  readonly from: IsoDate | undefined;
  readonly until: IsoDate | undefined;
};

/**
 * Where a page ends: below which place of each member the next one goes on. A member that is not in it has nothing more;
 * one under `away` did not answer when the walk began and stays out of it to its end, so that no line comes twice.
 */
export type UsageCursor = {
  readonly places: ReadonlyMap<string, string>;
  readonly away: ReadonlySet<string>;
};

export type UsagePage = {
  readonly lines: readonly UsageLine[];
  readonly next: UsageCursor | undefined;
  /** All of the exchange, for the filter. */
  readonly members: readonly UsageMember[];
  /** Did not answer now, or when the walk began. */
  readonly away: readonly UsageMember[];
  /** Have no agreement with the portal on telling it. */
  readonly untold: readonly UsageMember[];
  /** The portal's own gateway does not say who takes part: nobody was asked. */
  readonly isExchangeAway: boolean;
};

/** INST~CLASS~MEMBER, for an address; the sign is allowed in no identifier. */
export function memberKey(id: string): string {
  return id.replaceAll('/', '~');
}

export function memberOf(identifier: string): string {
  return identifier.split('/').slice(0, 3).join('/');
}

export function formatCursor({ places, away }: UsageCursor): string {
  const parts = [...[...places].map(([id, place]) => `${id}:${place}`), ...[...away].map((id) => `${id}:away`)];
  return Buffer.from(parts.join(';')).toString('base64url');
}

const MOST_CURSOR = 20_000;

/** Attacker-controlled; it names places only, and whose they are is told by who asks. */
export function parseCursor(text: string): UsageCursor | undefined {
  if (text.length > MOST_CURSOR) return undefined;
  const places = new Map<string, string>();
  const away = new Set<string>();
  for (const part of Buffer.from(text, 'base64url').toString('utf8').split(';')) {
    const [, id, place] = /^([^:;]{3,300}):(\d{1,15}|away)$/.exec(part) ?? [];
    if (id === undefined || place === undefined) return undefined;
    if (place === 'away') away.add(id);
    else places.set(id, place);
  }
  return { places, away };
}

export type OwnAccess = { readonly at: Date; readonly office: string; readonly receiptNumber: string | undefined };
