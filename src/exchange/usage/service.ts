import { type Json, Problem, parseJson } from '../../kernel/index.ts';
import { subjectHash } from '../gateway/entry.ts';
import type { GatewayCore } from '../gateway/extension.ts';
import type { OwnAnswer, PartMessage, PartService } from '../gateway/model.ts';
import { exportEvidence } from '../gateway/proof.ts';
import { Fault } from '../message/fault.ts';
import { CONTEST_REASONS, type Contest, type ContestReason, contestNumber } from './model.ts';
import * as store from './store.ts';

/**
 * What a person may do about the uses of their data that `findUsage` lists, under the same agreement: have the proof of
 * one (`GET …/{exchange}/evidence`), contest one (`POST …/{exchange}/contest`), and see what came of it (`GET …/contests`).
 * The person comes in Wasl-Subject, and gets at nothing but what this gateway kept about them.
 */
export function usageActs(core: GatewayCore): PartService {
  return {
    needsAgreement: true,
    async answer(message) {
      const subject = subjectOf(core, message);
      const { method, path } = message;
      if (method === 'GET' && path === '/contests') return listOwn(core, subject);
      const [, exchange = '', act = ''] = /^\/([\w-]{16,64})\/(evidence|contest)$/.exec(path) ?? [];
      if (exchange === '' || (act === 'evidence') !== (method === 'GET')) {
        throw new Fault(
          'usage-unknown',
          'findUsage has the list, /contests, /ID/evidence (GET) and /ID/contest (POST).',
        );
      }
      if (!(await store.isAbout(core.context.db.read, exchange, subject))) {
        throw new Fault('usage-unknown', 'There is no exchange of this number about this person here.');
      }
      return act === 'evidence' ? evidenceOf(core, exchange) : contest(core, exchange, subject, message);
    },
  };
}

/** Whom a message is about, as this gateway's rows have it. Throws Fault where it names nobody. */
export function subjectOf({ context }: GatewayCore, { subject }: PartMessage): Buffer {
  const hash = subject === '' ? null : subjectHash(subject, context.subjectKey);
  if (hash === null) throw new Fault('subject-missing', 'Wasl-Subject must name the person.');
  return hash;
}

async function evidenceOf({ context, peers }: GatewayCore, exchange: string): Promise<OwnAnswer> {
  try {
    const file = await exportEvidence(context, peers, exchange);
    return { text: file.toString('utf8'), contentType: 'application/json' };
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause;
    const slug = cause.status === 404 ? 'usage-unknown' : 'peer-unreachable';
    throw new Fault(slug, cause.detail, { cause });
  }
}

const MOST_WORDS = 2_000;

async function contest(core: GatewayCore, exchange: string, subject: Buffer, message: PartMessage): Promise<OwnAnswer> {
  const { context } = core;
  const read = parseJson(message.body.toString('utf8'), { maxChars: 20_000, maxDepth: 3 });
  const { reason, words = '' } = (read.ok && typeof read.value === 'object' ? (read.value ?? {}) : {}) as {
    readonly reason?: Json;
    readonly words?: Json;
  };
  if (!CONTEST_REASONS.some((one) => one === reason) || typeof words !== 'string' || words.length > MOST_WORDS) {
    throw new Fault(
      'contest-malformed',
      `/reason must be one of ${CONTEST_REASONS.join(', ')}, /words a text of at most ${MOST_WORDS} characters.`,
    );
  }
  const given = { exchange, subject, reason: reason as ContestReason, words: words.trim(), openedAt: context.clock() };
  // Committed before it is answered; the message that brought it stands in the ledger already.
  const opened = await context.db.transaction((tx) => store.openContest(tx, given));
  return { text: JSON.stringify(contestView(opened)), contentType: 'application/json' };
}

async function listOwn({ context }: GatewayCore, subject: Buffer): Promise<OwnAnswer> {
  const contests = await store.contestsOf(context.db.read, subject);
  return { text: JSON.stringify({ contests: contests.map(contestView) }), contentType: 'application/json' };
}

/** As the person reads it. */
export const contestView = (one: Contest) => ({
  number: contestNumber(one),
  exchange: one.exchange,
  reason: one.reason,
  openedAt: one.openedAt.toISOString(),
  state: one.state,
  answer: one.answer,
  answeredAt: one.answeredAt?.toISOString() ?? null,
});
