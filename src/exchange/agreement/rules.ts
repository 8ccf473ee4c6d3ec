import { err, ok, type Result } from '../../kernel/index.ts';
import type { Life, LifeAct, LifeRefusal, VersionState } from './model.ts';

export const NO_LIFE: Life = { versions: new Map(), endsAt: undefined };

const IN_FORCE: ReadonlySet<VersionState> = new Set(['active', 'suspended']);
const FINAL: ReadonlySet<VersionState> = new Set(['ended', 'declined']);

const refuse = (kind: LifeRefusal['kind'], detail: string) => err<LifeRefusal>({ kind, detail });

/**
 * The life of an agreement: draft → offered → declined, or signed and so active ↔ suspended, → ended. One version is
 * active or suspended at a time: the one that is signed next ends it in the same act, so that at no moment there are two
 * or none. Both sides decide by this function, each on what it knows.
 */
export function actOn(held: Life, act: LifeAct, now: number): Result<Life, LifeRefusal> {
  const life = settle(held, now);
  switch (act.kind) {
    case 'draft':
      return whereNew(life, act.version, () => put(life, act.version, 'draft'));
    case 'enact':
      return whereNew(life, act.version, () => put(endBelow(life, act.version), act.version, act.as));
    case 'offer':
      return offer(life, act.version, act.isWithGroup);
    case 'decline':
      return from(life, act.version, ['offered'], () => put(life, act.version, 'declined'));
    case 'sign':
      // Where no signatures are asked for, they are added to what is in force already.
      if (isInForce(life, act.version)) return ok(life);
      return from(life, act.version, ['offered'], () => takeForce(life, act.version));
    case 'suspend':
      return turn(life, 'active', 'suspended');
    case 'resume':
      return turn(life, 'suspended', 'active');
    case 'end':
      return end(life, act.at, now);
  }
}

/** What time alone has done: notice that was given has run out. */
export function settle(life: Life, now: number): Life {
  return life.endsAt !== undefined && life.endsAt <= now ? mapped(life, () => 'ended') : life;
}

/** The version under which messages pass, its dates and conditions aside. */
export function activeVersion(life: Life, now: number): number | undefined {
  for (const [version, state] of settle(life, now).versions) if (state === 'active') return version;
  return undefined;
}

/** A draft may be written anew until it is offered. */
export function isDraft(life: Life, version: number): boolean {
  return life.versions.get(version) === 'draft';
}

function whereNew(life: Life, version: number, then: () => Life): Result<Life, LifeRefusal> {
  if (life.endsAt !== undefined)
    return refuse('wrong-state', 'it has ended, or notice was given: agree on another one');
  const newest = Math.max(0, ...life.versions.keys());
  if (version > newest) return ok(then());
  return life.versions.has(version)
    ? refuse('wrong-state', `version ${version} stands already`)
    : refuse('older-version', `there is a later version than ${version}, ${newest}`);
}

function offer(life: Life, version: number, isWithGroup: boolean): Result<Life, LifeRefusal> {
  if (isInForce(life, version)) return ok(life);
  return from(life, version, ['draft'], () => (isWithGroup ? takeForce(life, version) : put(life, version, 'offered')));
}

/** Suspended stays suspended: only the provider's own act lifts that, never a signature. */
function takeForce(life: Life, version: number): Life {
  const isSuspended = [...life.versions.values()].includes('suspended');
  return put(endBelow(life, version), version, isSuspended ? 'suspended' : 'active');
}

/** What has been refused stays refused; all else below is replaced. */
function endBelow(life: Life, version: number): Life {
  return mapped(life, (state, one) => (one < version ? 'ended' : state));
}

function turn(life: Life, before: VersionState, after: VersionState): Result<Life, LifeRefusal> {
  const is = [...life.versions.values()].includes(before);
  if (!is) return refuse('wrong-state', `no version of it is ${before}`);
  return ok(mapped(life, (state) => (state === before ? after : state)));
}

/** With notice, what is in force stays so until then; what was not in force yet comes into force no more. */
function end(life: Life, at: number, now: number): Result<Life, LifeRefusal> {
  const isOpen = [...life.versions.values()].some((state) => !FINAL.has(state));
  if (!isOpen) return refuse('wrong-state', 'it has ended');
  if (life.endsAt !== undefined && life.endsAt <= at) return refuse('wrong-state', 'an earlier end stands already');
  const isStillInForce = [...life.versions.values()].some((state) => IN_FORCE.has(state));
  const endsAt = isStillInForce ? Math.max(at, now) : now;
  const stays = (state: VersionState) => endsAt > now && IN_FORCE.has(state);
  return ok({ ...mapped(life, (state) => (stays(state) ? state : 'ended')), endsAt });
}

function from(
  life: Life,
  version: number,
  states: readonly VersionState[],
  then: () => Life,
): Result<Life, LifeRefusal> {
  const state = life.versions.get(version);
  if (state === undefined) return refuse('unknown-version', `there is no version ${version} of it`);
  return states.includes(state) ? ok(then()) : refuse('wrong-state', `version ${version} is ${state}`);
}

function isInForce(life: Life, version: number): boolean {
  const state = life.versions.get(version);
  return state !== undefined && IN_FORCE.has(state);
}

function put(life: Life, version: number, state: VersionState): Life {
  return { ...life, versions: new Map(life.versions).set(version, state) };
}

/** What is final is never changed, whatever `to` says. */
function mapped(life: Life, to: (state: VersionState, version: number) => VersionState): Life {
  const versions = [...life.versions].map(
    ([version, state]) => [version, FINAL.has(state) ? state : to(state, version)] as const,
  );
  return { ...life, versions: new Map(versions) };
}
