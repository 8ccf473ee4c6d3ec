import type { Database } from '../../../platform/index.ts';
import type { EventType } from '../model.ts';
import { createSchemaCheck, type SchemaCheck } from '../schema.ts';
import { listEventTypes } from '../store/event.ts';

export type HeldType = EventType & { readonly check?: SchemaCheck };

/** The event types of this member, held in memory for the door. */
export type EventTypes = {
  get(service: string): HeldType | undefined;
  all(): readonly EventType[];
  /** After a change here; one made by another process of this gateway is in force within two seconds. */
  reload(): Promise<void>;
  close(): void;
};

const RELOAD_MS = 2_000;

export async function openEventTypes(db: Database): Promise<EventTypes> {
  let held = await load(db);
  const reload = async () => {
    held = await load(db);
  };
  const timer = setInterval(() => void reload().catch(() => {}), RELOAD_MS);
  timer.unref();
  return {
    get: (service) => held.get(service),
    all: () => [...held.values()].map(({ check: _check, ...type }) => type),
    reload,
    close: () => clearInterval(timer),
  };
}

async function load(db: Database): Promise<ReadonlyMap<string, HeldType>> {
  const types = await listEventTypes(db.read);
  return new Map(types.map((type) => [type.service, withCheck(type)]));
}

const checks = new Map<string, SchemaCheck>();

/** A schema is compiled once, not at every look at the table. */
function withCheck(type: EventType): HeldType {
  if (type.dataSchema === undefined) return type;
  const text = JSON.stringify(type.dataSchema);
  let check = checks.get(text);
  if (check === undefined) {
    const made = createSchemaCheck(type.dataSchema);
    if (!made.ok) return type;
    check = made.value;
    if (checks.size > 1_000) checks.clear();
    checks.set(text, check);
  }
  return { ...type, check };
}
