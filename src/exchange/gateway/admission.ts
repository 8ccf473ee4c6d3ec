import { Fault } from '../message/fault.ts';

/** How much one process takes on at its doors; what is beyond is refused at once, by name and with a time to wait. */
export type DoorLimits = {
  /** Messages under way, at both doors together. */
  readonly inFlight: number;
  /** Of these, of one other gateway. */
  readonly inFlightPerPeer: number;
  /** Of these, of one information system. */
  readonly inFlightPerClient: number;
  /** Messages a second of one information system, with as many at once; 0 is without end. */
  readonly perSecondOfClient: number;
  /** Messages a second of one other gateway; 0 is without end. */
  readonly perSecondOfPeer: number;
  /** How long a body may take to come, and an answer to be taken, beside a second for each 16 KiB. */
  readonly patienceMs: number;
  /** Connections open at one door, whether anything is asked over them or not. */
  readonly connections: number;
  /** Of these, of one address (of IPv6, one network of 64 bits); behind a balancer that passes TCP all have its address. */
  readonly connectionsPerAddress: number;
  /** TLS handshakes a second of one address at one door; 0 is without end. */
  readonly handshakesPerSecond: number;
  /** How long a handshake may take, and then the head of a request. */
  readonly headPatienceMs: number;
};

/**
 * A gateway that takes on more than it can do answers nobody in time. Generous beside what one process does in a
 * second (decision 0042), and such that no one caller can use it up alone.
 */
export const DOOR_LIMITS: DoorLimits = {
  inFlight: 1_024,
  inFlightPerPeer: 512,
  inFlightPerClient: 512,
  perSecondOfClient: 0,
  perSecondOfPeer: 0,
  patienceMs: 30_000,
  connections: 4_096,
  connectionsPerAddress: 2_048,
  handshakesPerSecond: 500,
  headPatienceMs: 15_000,
};

export type Caller = { readonly kind: 'client' | 'peer'; readonly id: string };

export type Admission = {
  /** Throws Fault; else gives what is called when the answer has gone, or cannot go any more. */
  enter(caller: Caller, now: number): () => void;
};

type Held = { underWay: number; tokens: number; at: number };

/** Callers that are remembered at most: who makes up names for itself must not fill the memory. */
const MOST_CALLERS = 10_000;

export function openAdmission(limits: DoorLimits): Admission {
  const callers = new Map<string, Held>();
  let underWay = 0;

  function heldOf(key: string, rate: number, now: number): Held {
    const known = callers.get(key);
    if (known !== undefined) return known;
    if (callers.size >= MOST_CALLERS) forgetIdle(callers);
    const held = { underWay: 0, tokens: rate, at: now };
    callers.set(key, held);
    return held;
  }

  return {
    enter({ kind, id }, now) {
      const [most, rate] =
        kind === 'peer'
          ? [limits.inFlightPerPeer, limits.perSecondOfPeer]
          : [limits.inFlightPerClient, limits.perSecondOfClient];
      const held = heldOf(`${kind} ${id}`, rate, now);
      if (underWay >= limits.inFlight) {
        throw new Fault('gateway-overloaded', `${underWay} messages are under way here.`, { retryAfterSeconds: 1 });
      }
      if (held.underWay >= most) {
        const detail = `${held.underWay} messages of this caller are under way here; ${most} may be.`;
        throw new Fault('too-many-at-once', detail, { retryAfterSeconds: 1 });
      }
      if (rate > 0) takeToken(held, rate, now);
      underWay += 1;
      held.underWay += 1;
      return once(() => {
        underWay -= 1;
        held.underWay -= 1;
      });
    },
  };
}

/** A bucket that fills evenly and holds a second's worth. */
function takeToken(held: Held, rate: number, now: number): void {
  // A clock that was set back must not shut a caller out until it has caught up.
  const passedMs = Math.max(0, now - held.at);
  held.tokens = Math.min(rate, held.tokens + (passedMs * rate) / 1_000);
  held.at = now;
  if (held.tokens < 1) {
    throw new Fault('too-fast', `This caller may send ${rate} messages a second here.`, { retryAfterSeconds: 1 });
  }
  held.tokens -= 1;
}

function forgetIdle(callers: Map<string, Held>): void {
  for (const [key, { underWay }] of callers) if (underWay === 0) callers.delete(key);
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}
