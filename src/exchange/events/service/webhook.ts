import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, type Dispatcher, request } from 'undici';
import type { Result } from '../../../kernel/index.ts';
import { err, parseJson } from '../../../kernel/index.ts';
import { AddressRefused, guardedConnect } from '../../address/connect.ts';
import type { GatewayContext } from '../../gateway/model.ts';
import { failureOf } from '../../gateway/peer-failure.ts';
import type { HeaderList } from '../../message/headers.ts';
import { contentDigest, signRequest } from '../../message/signature.ts';
import { BATCH, toBinary } from '../cloud-event.ts';
import type { InboxEvent, Subscription } from '../model.ts';
import { backOff, type HandOnRefusal, lanesOf, readAllowedRate, readWebhookAnswer } from '../rules.ts';
import * as store from '../store/inbox.ts';
import { findSubscription, pauseCalls, setSubscriptionState, takeTurn } from '../store/subscription.ts';

const LEASE_MS = 60_000;
const TIMEOUT_MS = 25_000;
const MOST_PAUSE_MS = 900_000;
/** What waits longer for its turn is given back, for the lease has an end. */
const MOST_TURN_MS = 5_000;
const BATCH_EVENTS = 100;
const LANES = 8;

export type Webhooks = {
  /** One round over all webhooks with something due. How many had. */
  handOnDue(): Promise<number>;
  /** CloudEvents webhook 1.0.2 section 4: whether the address wants our events, and how often it may be called. */
  askPermission(url: string): Promise<Handshake>;
  close(): Promise<void>;
};

export type Handshake = { readonly permission: Permission; readonly ratePerMinute: number | null };
export type Permission = 'granted' | 'unanswered' | 'refused' | 'unreachable' | 'address-refused';

export function openWebhooks(
  context: GatewayContext,
  tell: (fault: string | undefined, events: number) => void,
): Webhooks {
  const agent = new Agent({ connections: LANES, connect: guardedConnect(() => context.networks, { timeout: 10_000 }) });
  const busy = new Set<string>();
  return {
    async handOnDue() {
      const due = (await store.dueWebhooks(context.db.read, context.clock())).filter(({ id }) => !busy.has(id));
      await Promise.all(
        due.map(async ({ id }) => {
          busy.add(id);
          await handOnOne(context, agent, id, tell).finally(() => busy.delete(id));
        }),
      );
      return due.length;
    },
    askPermission: (url) => askPermission(context, agent, url),
    close: () => agent.close(),
  };
}

type Tell = Parameters<typeof openWebhooks>[1];

/** Claim after claim until nothing is due any more, or nothing of a claim was taken. */
async function handOnOne(context: GatewayContext, agent: Agent, id: string, tell: Tell): Promise<void> {
  while (await handOnClaim(context, agent, id, tell));
}

async function handOnClaim(context: GatewayContext, agent: Agent, id: string, tell: Tell): Promise<boolean> {
  const subscription = await findSubscription(context.db.read, id);
  if (subscription?.state !== 'active' || subscription.url === null) return false;
  const now = context.clock();
  const claim = { lease: context.newId(), now, until: new Date(now.getTime() + LEASE_MS), most: BATCH_EVENTS };
  // A crash behind this line leaves a lease that runs out; then the events are handed on again.
  const events = await context.db.transaction((tx) => store.claimEvents(tx, id, claim));
  if (events.length === 0) return false;
  const { lease, until } = claim;
  const hook: Hook = { context, agent, subscription, url: subscription.url, until, tell, isPaused: false };
  const isWhole = await (subscription.contentMode === 'batch'
    ? handOnBatch(hook, events)
    : handOnSingly(hook, lanesOf(events)));
  await store.releaseLease(context.db.read, { subscription: id, lease });
  return isWhole;
}

type Hook = {
  readonly context: GatewayContext;
  readonly agent: Agent;
  readonly subscription: Subscription;
  readonly url: string;
  readonly until: Date;
  readonly tell: Tell;
  /** The receiver asked to be left alone: the rest of this claim is given back. */
  isPaused: boolean;
};

/** Some lanes at a time; in a lane one event behind the other, and what follows a refused one waits with it. */
async function handOnSingly(hook: Hook, lanes: readonly (readonly InboxEvent[])[]): Promise<boolean> {
  const waiting = [...lanes];
  let isWhole = true;
  const workers = Array.from({ length: Math.min(LANES, waiting.length) }, async () => {
    for (let lane = waiting.shift(); lane !== undefined; lane = waiting.shift()) {
      for (const event of lane) {
        if ((await hasTurn(hook)) && (await handOn(hook, [event]))) continue;
        isWhole = false;
        break;
      }
    }
  });
  await Promise.all(workers);
  return isWhole;
}

/**
 * Whether the receiver may be called once more: the call ends before the lease does, and the receiver lets itself be
 * called so often. Waits for its turn. What is left of the claim is given back.
 */
async function hasTurn({ context, subscription, until, isPaused }: Hook): Promise<boolean> {
  const now = context.clock();
  if (isPaused || now.getTime() + MOST_TURN_MS + TIMEOUT_MS >= until.getTime()) return false;
  if (subscription.ratePerMinute === null) return true;
  const at = await takeTurn(context.db.read, subscription.id, now, MOST_TURN_MS);
  if (at === undefined) return false;
  await sleep(Math.max(0, at.getTime() - now.getTime()));
  return true;
}

/** All in one request; where that is refused for what is in it, one by one, so that the one event is found. */
async function handOnBatch(hook: Hook, events: readonly InboxEvent[]): Promise<boolean> {
  if (!(await hasTurn(hook))) return false;
  const answer = await send(hook, events);
  if (answer.ok || !answer.error.isFinal || events.length === 1) return settle(hook, events, answer);
  return handOnSingly(hook, lanesOf(events));
}

async function handOn(hook: Hook, events: readonly InboxEvent[]): Promise<boolean> {
  return settle(hook, events, await send(hook, events));
}

async function settle(
  hook: Hook,
  events: readonly InboxEvent[],
  answer: Result<true, HandOnRefusal>,
): Promise<boolean> {
  const { context, subscription, tell } = hook;
  const sequences = events.map((event) => event.sequence);
  const now = context.clock();
  if (answer.ok) {
    // A crash before this line hands them on once more: the receiver tells by source and id.
    await store.markDone(context.db.read, subscription.id, sequences, now);
    tell(undefined, events.length);
    return true;
  }
  const { fault, isFinal, isGone, retryAfterMs, isPause } = answer.error;
  tell(fault, events.length);
  context.log.warn('events.not-handed-on', { subscription: subscription.id, fault, events: events.length });
  if (isGone) {
    await setSubscriptionState(context.db.read, subscription.id, 'ended', fault);
    return false;
  }
  if (isPause === true) {
    hook.isPaused = true;
    await pauseCalls(context.db.read, subscription.id, new Date(now.getTime() + (retryAfterMs ?? 0)));
  }
  const pause = Math.max(retryAfterMs ?? 0, backOff(events[0]?.tries ?? 0, MOST_PAUSE_MS));
  const due = new Date(now.getTime() + pause);
  const mostTries = isFinal ? 1 : subscription.maxTries;
  await store.markRefused(context.db.read, subscription.id, sequences, { fault, due, mostTries });
  // A dead letter stands in nobody's way.
  return isPause !== true && (isFinal || (events[0]?.tries ?? 0) + 1 >= subscription.maxTries);
}

async function send(hook: Hook, events: readonly InboxEvent[]): Promise<Result<true, HandOnRefusal>> {
  const { body, headers: given } = content(hook.subscription, events);
  // Section 2.1: who sends, as it was said in the handshake.
  const headers: HeaderList = [...given, originOf(hook.context)];
  try {
    const answer = await call(hook.context, hook.agent, { method: 'POST', url: hook.url, headers, body });
    return readWebhookAnswer(answer.status, answer.retryAfter, hook.context.clock());
  } catch (cause) {
    return err({ fault: callFault(cause), isFinal: false, isGone: false });
  }
}

function callFault(cause: unknown): string {
  if (cause instanceof AddressRefused) return 'address-refused';
  return failureOf(cause) === 'timeout' ? 'timeout' : 'unreachable';
}

function content(
  { contentMode }: Subscription,
  events: readonly InboxEvent[],
): { readonly headers: HeaderList; readonly body: Buffer } {
  const [first] = events;
  if (contentMode === 'batch') {
    return {
      headers: [['content-type', `${BATCH}; charset=utf-8`]],
      body: Buffer.from(`[${events.map((one) => one.body).join(',')}]`),
    };
  }
  const body = first?.body ?? '{}';
  if (contentMode === 'structured') {
    return { headers: [['content-type', 'application/cloudevents+json; charset=utf-8']], body: Buffer.from(body) };
  }
  const members = parseJson(body, { maxChars: 10_000_000, maxDepth: 66 }, 'exact');
  return toBinary(members.ok ? (members.value as Parameters<typeof toBinary>[0]) : {});
}

type Called = {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly allowedOrigin: string | undefined;
  readonly allowedRate: string | undefined;
};

/**
 * Signed with the gateway's key (RFC 9421), so that the system behind the webhook can know who calls without a secret
 * that both would have to keep. An answer's body is read, within limits, and dropped.
 */
async function call(
  context: GatewayContext,
  agent: Agent,
  asked: { method: 'POST' | 'OPTIONS'; url: string; headers: HeaderList; body: Buffer },
): Promise<Called> {
  const digest = contentDigest(asked.body);
  const nonce = context.randomBytes(12).toString('base64url');
  const facts = { method: asked.method, targetUri: asked.url, headers: asked.headers };
  const signed = signRequest(facts, digest, context.signing, context.clock(), nonce);
  const headers: HeaderList = [
    ...asked.headers,
    ['content-digest', digest],
    ['signature-input', signed.input],
    ['signature', signed.signature],
  ];
  const {
    statusCode,
    headers: answered,
    body,
  } = await request(asked.url, {
    method: asked.method,
    headers: headers.flat(),
    body: asked.body,
    dispatcher: agent,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
  await drop(body);
  const first = (name: string) => [answered[name]].flat()[0];
  return {
    status: statusCode,
    retryAfter: first('retry-after'),
    allowedOrigin: first('webhook-allowed-origin'),
    allowedRate: first('webhook-allowed-rate'),
  };
}

const MOST_ANSWER = 65_536;

async function drop(body: Dispatcher.ResponseData['body']): Promise<void> {
  await body.dump({ limit: MOST_ANSWER });
}

/** A DNS name that stands for all processes of this gateway (section 4.1.2). */
function originOf(context: GatewayContext): readonly [string, string] {
  return ['webhook-request-origin', new URL(context.address).hostname];
}

async function askPermission(context: GatewayContext, agent: Agent, url: string): Promise<Handshake> {
  const given = originOf(context);
  const [, origin] = given;
  try {
    const asked = { method: 'OPTIONS', url, headers: [given], body: Buffer.alloc(0) } as const;
    const { status, allowedOrigin, allowedRate } = await call(context, agent, asked);
    if (allowedOrigin === undefined) return denied(status === 403 || status === 401 ? 'refused' : 'unanswered');
    const allowed = allowedOrigin.split(',').map((one) => one.trim().toLowerCase());
    const isGranted = allowed.includes('*') || allowed.includes(origin.toLowerCase());
    return isGranted ? { permission: 'granted', ratePerMinute: readAllowedRate(allowedRate) } : denied('refused');
  } catch (cause) {
    return denied(cause instanceof AddressRefused ? 'address-refused' : 'unreachable');
  }
}

const denied = (permission: Permission): Handshake => ({ permission, ratePerMinute: null });
