import { parseJson } from '../../../kernel/index.ts';
import type { GatewayCore } from '../../gateway/extension.ts';
import { trustView } from '../../gateway/trust-view.ts';
import { signedNow } from '../act-document.ts';
import type { Delivery } from '../model.ts';
import {
  type Failure,
  isAnyDue,
  markDelivered,
  markRefused,
  putOffDelivery,
  takeDueDeliveries,
} from '../store/delivery.ts';

const HOLD_MS = 30_000;
const MOST_PAUSE_MS = 3_600_000;
const TIMEOUT_MS = 10_000;
const PATH = '/wasl/agreements/v1/documents';

/** What another gateway has judged and will judge the same again. */
const FOR_GOOD: ReadonlySet<number> = new Set([400, 403, 409, 413, 422]);
/** Not known there, not yet or no more: about two hours of asking. A gateway that is away is asked for as long as it is. */
const MOST_REFUSALS = 12;

/**
 * Sends what is due, until nothing is. A gateway that is away is asked again after 2, 4, 8 … seconds, at most an hour;
 * what it refuses for good is not sent again until an operator says so, and its reason is kept for them.
 */
export async function deliver(core: GatewayCore): Promise<void> {
  const { context } = core;
  for (;;) {
    const now = context.clock().getTime();
    const due = await takeDueDeliveries(context.db.read, new Date(now), new Date(now + HOLD_MS));
    for (const one of due) await deliverOne(core, one);
    if (due.length === 0 || !(await isAnyDue(context.db.read, context.clock()))) return;
  }
}

async function deliverOne(core: GatewayCore, one: Delivery): Promise<void> {
  const { context } = core;
  const failure = await sendOne(core, one).catch((cause: unknown): Failure => {
    return {
      status: null,
      refusal: `not reached: ${cause instanceof Error ? cause.message : 'no answer'}`.slice(0, 500),
    };
  });
  const now = context.clock();
  if (failure === undefined) return markDelivered(context.db.read, one.id, now);
  const { status } = failure;
  context.log.warn('agreement.not-delivered', { peer: one.peer, agreement: one.agreement, status, tries: one.tries });
  if (isForGood(failure, one.tries)) return markRefused(context.db.read, one.id, now, failure);
  const pause = Math.min(MOST_PAUSE_MS, 1_000 * 2 ** Math.min(one.tries, 12));
  return putOffDelivery(context.db.read, one.id, new Date(now.getTime() + pause), failure);
}

function isForGood({ status }: Failure, tries: number): boolean {
  if (status === null) return false;
  return FOR_GOOD.has(status) || (status >= 400 && status < 500 && tries >= MOST_REFUSALS);
}

/** Undefined where the other side has taken it. Throws where it is away. */
async function sendOne({ context, peers }: GatewayCore, { peer, jws }: Delivery): Promise<Failure | undefined> {
  const view = trustView(context.trust, context.clock());
  const gateway = view.byServer.get(peer);
  if (gateway === undefined) throw new Error(`${peer} is not in the trust list`);
  const answer = await peers.toGateway(view, gateway, {
    method: 'POST',
    target: PATH,
    headers: [['content-type', 'application/json']],
    body: Buffer.from(JSON.stringify({ jws: signedNow(jws, context.signing) })),
    timeoutMs: TIMEOUT_MS,
    maxBodyBytes: 10_000,
  });
  return answer.status === 204 ? undefined : { status: answer.status, refusal: reasonIn(answer.body) };
}

/** What the other gateway's problem says, cut and without what would disturb a page or a terminal. */
function reasonIn(body: Buffer): string {
  const json = parseJson(body.toString('utf8'), { maxChars: 10_000, maxDepth: 5 });
  const problem = (json.ok ? json.value : null) as {
    readonly detail?: unknown;
    readonly errors?: readonly { readonly message?: unknown }[];
  } | null;
  const [first] = Array.isArray(problem?.errors) ? problem.errors : [];
  const words = [problem?.detail, first?.message].filter((one) => typeof one === 'string');
  return words
    .join(' ')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')
    .slice(0, 500)
    .toWellFormed();
}
