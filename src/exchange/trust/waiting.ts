import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Type, { type Static } from 'typebox';
import { Problem, parseJson } from '../../kernel/index.ts';
import { writeDurably } from '../../platform/index.ts';
import { type Applicant, requestStatus } from './asking.ts';
import type { RequestStatus } from './requesting.ts';
import { pattern, serverIdSchema, shapeParser, strict } from './shape.ts';

/** A request that was sent and not decided yet, kept beside the drafted keys so that a restart goes on with it. */
const pendingSchema = Type.Object(
  { v: Type.Literal(1), server: serverIdSchema, request: pattern('[0-9a-f]{32}', 32) },
  strict,
);
export type Pending = Static<typeof pendingSchema>;

const check = shapeParser(pendingSchema);

/** `keys.new` holds the drafted keys: the request goes with them, and is forgotten with them. */
const pathOf = (dir: string): string => join(dir, 'keys.new', 'request.json');

export async function readPending(dir: string): Promise<Pending | undefined> {
  const text = await readFile(pathOf(dir), 'utf8').catch(() => undefined);
  const json = text === undefined ? undefined : parseJson(text);
  const shape = json?.ok ? check(json.value) : undefined;
  return shape?.ok ? shape.value : undefined;
}

export async function keepPending(dir: string, pending: Pending): Promise<void> {
  await writeDurably(`${pathOf(dir)}.new`, pathOf(dir), JSON.stringify(pending));
}

export async function forgetPending(dir: string): Promise<void> {
  await rm(pathOf(dir), { force: true });
}

export type Patience = {
  /** How long to wait for an operator's decision: an hour unless told. */
  readonly waitMs?: number;
  /** Milliseconds between two looks: 5000 unless told. */
  readonly pollMs?: number;
  /** Told once, with the id of the request, when it turns out that it waits. */
  readonly onWaiting?: (request: string) => void;
};

/** Waits until a request is decided. Throws 403 request-refused with the operator's reason, 409 request-waiting. */
export async function untilDecided(applicant: Applicant, id: string, patience: Patience): Promise<RequestStatus> {
  const { waitMs = 3_600_000, pollMs = 5_000 } = patience;
  let left = waitMs;
  let status = await requestStatus(applicant, id);
  if (status.state === 'waiting') patience.onWaiting?.(id);
  while (status.state === 'waiting' && left > 0) {
    const pauseMs = Math.min(pollMs, left);
    await sleep(pauseMs);
    left -= pauseMs;
    // A registry that is away for a moment has not decided: asked again with the next turn.
    status = await requestStatus(applicant, id).catch((cause: unknown) => {
      if (cause instanceof Problem && cause.status >= 500) return status;
      throw cause;
    });
  }
  if (status.state === 'approved') return status;
  if (status.state === 'refused')
    throw new Problem(403, 'request-refused', 'The registry’s operator refused the request', {
      detail: status.reason ?? 'No reason was given.',
    });
  throw new Problem(409, 'request-waiting', 'The request waits for an operator of the registry', {
    detail: `The request ${id} is not decided yet. Ask the registry's operator, then try again.`,
  });
}
