import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { actingAs } from '../../src/exchange/operators/audit.ts';
import type { OperatorRoute } from '../../src/exchange/operators/guard.ts';
import type { Actor, OperatorRole } from '../../src/exchange/operators/model.ts';
import { type Operators, openOperators } from '../../src/exchange/operators/operators.ts';
import { openSession } from '../../src/exchange/operators/service/session.ts';
import { makeToken } from '../../src/exchange/operators/service/token.ts';
import { unwrap } from '../../src/kernel/index.ts';
import { createLog, logSigner, verifyLog } from '../../src/ledger/index.ts';
import { createHttpServer, type Database, silentLog } from '../../src/platform/index.ts';
import { openForTest } from './database.ts';

/** Operators of a house that has no gateway in it, over HTTP, with a clock that the test moves. */
export type TestOperators = {
  readonly operators: Operators;
  readonly db: Database;
  readonly url: string;
  readonly bootstrap: string;
  now: Date;
  /** Somebody with these roles, by token and by session. */
  someone(roles: readonly OperatorRole[]): Promise<Someone>;
  verifyLedger(): Promise<number>;
  close(): Promise<void>;
};

export type Someone = { readonly actor: Actor; readonly token: string; readonly session: string };

export async function startOperators(
  routes: (server: FastifyInstance, operators: Operators) => readonly OperatorRoute[] = () => [],
  open: () => Promise<Database> = () => openForTest(GATEWAY_MIGRATIONS),
): Promise<TestOperators> {
  const db = await open();
  const { privateKey } = generateKeyPairSync('ed25519');
  const signer = logSigner('test.example/operators', privateKey);
  await createLog(db, 'operators', signer);
  const bootstrap = randomBytes(24).toString('base64url');
  const held = { now: new Date('2026-03-02T09:00:00Z'), url: '' };
  const operators = openOperators({
    db,
    ledger: { name: 'operators', signer },
    clock: () => held.now,
    random: randomBytes,
    house: 'TEST/GOV/X/gw1',
    bootstrapToken: bootstrap,
    origin: () => `http://localhost:${new URL(held.url).port}`,
    log: silentLog,
  });
  const server = await createHttpServer({ log: silentLog, baseUrl: () => 'https://wasl.example', limitRates: false });
  operators.mountApi(server);
  operators.mount(server, routes(server, operators));
  held.url = await server.listen({ host: '127.0.0.1', port: 0 });
  return Object.assign(held, {
    operators,
    db,
    bootstrap,
    async someone(roles: readonly OperatorRole[]): Promise<Someone> {
      const { operator } = await operators.add({ name: roles.join(' '), roles });
      const actor: Actor = { id: operator.id, name: operator.name, roles, via: 'session' };
      const given = { name: 'test', roles, days: 30 };
      const made = unwrap(
        await makeToken(operators.deps, actingAs(operators.deps, actor, 'operator.token-made'), given),
      );
      const session = await db.transaction((tx) => openSession(operators.deps, tx, operator));
      return { actor, token: made.secret, session };
    },
    async verifyLedger() {
      return unwrap(await verifyLog(db.read, 'operators', signer.vkey)).size;
    },
    async close() {
      await server.close();
      await db.close();
    },
  });
}
