import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { sql } from 'kysely';
import { onEachDatabase } from '../../test/support/database.ts';
import { type IsoDate, Problem } from '../kernel/index.ts';
import type { Database } from '../platform/index.ts';
import { identityKeys } from './keys.ts';
import type { Identification } from './model.ts';
import { inOfficesOf } from './offices.ts';
import { DEFAULT_LIFETIME } from './rules.ts';
import { grantRole, revokeRole } from './service/role.ts';
import {
  closeSession,
  closeSessionsOf,
  findSession,
  forgetEndedSessions,
  type IdentityDeps,
  nationalIdOf,
  type OpenedSession,
  openSession,
} from './service/session.ts';

const ISSUER = 'https://eid.example';
const START = new Date('2026-11-23T08:00:00Z');

function whoIs(given: Partial<Identification> = {}): Identification {
  return {
    issuer: ISSUER,
    subject: randomBytes(8).toString('hex'),
    name: { ar: 'أمينة بنعلي', fr: 'Amina Benali' },
    birthDate: '1990-04-12' as IsoDate,
    nationalId: `AB${randomBytes(5).readUIntBE(0, 5)}`,
    acr: 'urn:high',
    authenticatedAt: START,
    ...given,
  };
}

onEachDatabase(['identity'], (_name, open) => {
  let db: Database;
  let deps: IdentityDeps;
  let now: Date;
  const wait = (minutes: number) => {
    now = new Date(now.getTime() + minutes * 60_000);
  };
  const signIn = async (who: Identification, previous?: Buffer): Promise<OpenedSession> => {
    const opened = await openSession(deps, who, previous);
    assert.ok(opened.ok, 'sign-in was refused');
    return opened.value;
  };
  const eventsOf = async (personId: string) => {
    const found = await sql<{ kind: string }>`
      select kind from identity_event where person_id = ${personId} order by seq`.execute(db.read);
    return found.rows.map((row) => row.kind);
  };

  before(async () => {
    db = await open();
    const keys = identityKeys(Buffer.alloc(32, 7));
    deps = { db, keys, clock: () => now, random: randomBytes, lifetime: DEFAULT_LIFETIME };
  });
  beforeEach(() => {
    now = START;
  });
  after(() => db.close());

  describe('a session', () => {
    test('holds the person, the class of authentication and a token for forms', async () => {
      const opened = await signIn(whoIs());
      const session = await findSession(deps, opened.token);
      assert.ok(session !== undefined);
      assert.deepEqual(
        [session.person, session.acr, session.authenticatedAt, session.roles, session.isIdentified],
        [
          { id: opened.personId, name: { ar: 'أمينة بنعلي', fr: 'Amina Benali' }, birthDate: '1990-04-12' },
          'urn:high',
          START,
          [],
          true,
        ],
      );
      assert.match(session.csrf, /^[\w-]{43}$/);
    });

    test('cannot be taken over by who reads the tables', async () => {
      const { token } = await signIn(whoIs());
      const rows = await sql<{ text: string }>`select session::text as text from session`.execute(db.read);
      const everything = rows.rows.map((row) => row.text).join();
      assert.equal(everything.includes(token.toString('hex')), false);
      assert.equal(await findSession(deps, randomBytes(32)), undefined);
    });

    test('lives on while it is used, and dies after thirty minutes without', async () => {
      const { token } = await signIn(whoIs());
      for (let use = 0; use < 4; use += 1) {
        wait(29);
        assert.ok((await findSession(deps, token)) !== undefined, `use ${use}`);
      }
      wait(30);
      assert.equal(await findSession(deps, token), undefined);
    });

    test('dies after ten hours, however much it is used', async () => {
      const { token } = await signIn(whoIs());
      for (let minutes = 0; minutes < 580; minutes += 20) {
        wait(20);
        assert.ok((await findSession(deps, token)) !== undefined);
      }
      wait(20);
      assert.equal(await findSession(deps, token), undefined);
    });

    test('ends when it is closed, once', async () => {
      const { token, personId } = await signIn(whoIs());
      await closeSession(deps, token);
      await closeSession(deps, token);
      assert.equal(await findSession(deps, token), undefined);
      assert.deepEqual(await eventsOf(personId), [
        'identity.person.created',
        'identity.session.opened',
        'identity.session.closed',
      ]);
    });

    test('that the browser had before ends when another is opened', async () => {
      const before = await signIn(whoIs());
      const next = await signIn(whoIs(), before.token);
      assert.equal(await findSession(deps, before.token), undefined);
      assert.ok((await findSession(deps, next.token)) !== undefined);
      assert.notDeepEqual(before.token, next.token);
    });

    test('ends on every device at once, and other people’s go on', async () => {
      const who = whoIs();
      const phone = await signIn(who);
      const desk = await signIn(who);
      const other = await signIn(whoIs());
      assert.equal(await closeSessionsOf(deps, phone.personId), 2);
      assert.deepEqual(
        await Promise.all(
          [phone, desk, other].map(async ({ token }) => (await findSession(deps, token)) !== undefined),
        ),
        [false, false, true],
      );
    });

    test('is forgotten some days after its end, and only then', async () => {
      const ended = await signIn(whoIs());
      await closeSession(deps, ended.token);
      wait(31 * 24 * 60);
      const alive = await signIn(whoIs());
      const forgotten = await forgetEndedSessions(deps, 30);
      assert.ok(forgotten >= 1);
      assert.equal(await forgetEndedSessions(deps, 30), 0);
      assert.ok((await findSession(deps, alive.token)) !== undefined);
      assert.equal((await eventsOf(ended.personId)).includes('identity.session.closed'), true);
    });
  });

  describe('a person', () => {
    test('stays the same at each sign-in, with the name of the last', async () => {
      const who = whoIs();
      const first = await signIn(who);
      const second = await signIn({ ...who, name: { ar: 'أمينة', fr: 'Amina B.' }, birthDate: undefined });
      assert.equal(second.personId, first.personId);
      const session = await findSession(deps, second.token);
      assert.deepEqual(session?.person.name, { ar: 'أمينة', fr: 'Amina B.' });
      assert.equal(session?.person.birthDate, '1990-04-12');
    });

    test('is one, however many of their first sign-ins come at once', async () => {
      const who = whoIs();
      const opened = await Promise.all([1, 2, 3, 4].map(() => signIn(who)));
      assert.equal(new Set(opened.map((session) => session.personId)).size, 1);
    });

    test('is known again at another issuer by the national number', async () => {
      const who = whoIs();
      const first = await signIn(who);
      const elsewhere = await signIn({ ...who, issuer: 'https://other.example', subject: 'another' });
      assert.equal(elsewhere.personId, first.personId);
      assert.equal((await eventsOf(first.personId)).includes('identity.person.linked'), true);
    });

    test('does not become another when the number of a subject changes', async () => {
      const who = whoIs();
      const first = await signIn(who);
      const changed = await openSession(deps, { ...who, nationalId: 'ZZ999999' }, undefined);
      assert.deepEqual(changed, { ok: false, error: { kind: 'number-changed', personId: first.personId } });
      assert.equal(await nationalIdOf(deps, first.personId), who.nationalId);
    });

    test('without a number is not identified, and cannot take another person’s', async () => {
      const holder = whoIs();
      await signIn(holder);
      const bare = whoIs({ nationalId: undefined });
      const session = await findSession(deps, (await signIn(bare)).token);
      assert.equal(session?.isIdentified, false);
      const taken = await openSession(deps, { ...bare, nationalId: holder.nationalId }, undefined);
      assert.equal(!taken.ok && taken.error.kind, 'number-taken');
    });

    test('has a number that only the key file opens', async () => {
      const who = whoIs();
      const { personId } = await signIn(who);
      assert.equal(await nationalIdOf(deps, personId), who.nationalId);
      const rows = await sql<{ text: string }>`select person::text as text from person where id = ${personId}`.execute(
        db.read,
      );
      const number = who.nationalId ?? '';
      assert.equal(rows.rows[0]?.text.includes(number), false);
      assert.equal(rows.rows[0]?.text.includes(Buffer.from(number).toString('hex')), false);
      const others = { ...deps, keys: identityKeys(Buffer.alloc(32, 8)) };
      await assert.rejects(nationalIdOf(others, personId), /another key file/);
      assert.equal(await nationalIdOf(deps, 'nobody'), undefined);
    });
  });

  describe('a role', () => {
    const rolesOf = async (opened: OpenedSession) =>
      (await findSession(deps, opened.token))?.roles.map(({ role, office }) => `${role} ${office}`);

    test('given to a number holds from the first sign-in on, and one given to a person at once', async () => {
      const who = whoIs();
      const to = { nationalId: ` ${who.nationalId?.toLowerCase()} ` };
      await grantRole(deps, { to, role: 'agent', office: 'rabat', grantedBy: 'act 1' });
      const opened = await signIn(who);
      assert.deepEqual(await rolesOf(opened), ['agent rabat']);
      const { personId } = opened;
      await grantRole(deps, { to: { personId }, role: 'operator', office: 'agency', grantedBy: 'act 2' });
      assert.deepEqual(await rolesOf(opened), ['agent rabat', 'operator agency']);
      assert.deepEqual(await rolesOf(await signIn(whoIs())), []);
    });

    test('given twice is one', async () => {
      const to = { nationalId: 'KL000001' };
      const first = await grantRole(deps, { to, role: 'agent', office: 'rabat', grantedBy: 'a' });
      assert.equal(await grantRole(deps, { to, role: 'agent', office: 'rabat', grantedBy: 'b' }), first);
      assert.notEqual(await grantRole(deps, { to, role: 'agent', office: 'sale', grantedBy: 'b' }), first);
    });

    test('holds from its first instant until before its last', async () => {
      const opened = await signIn(whoIs());
      const at = (minutes: number) => new Date(START.getTime() + minutes * 60_000);
      const to = { personId: opened.personId };
      const validity = { validFrom: at(5), validUntil: at(10) };
      const grant = { to, role: 'agent', office: 'rabat', grantedBy: 'a' } as const;
      const first = await grantRole(deps, { ...grant, ...validity });
      const seen: unknown[] = [];
      for (const minutes of [4, 5, 9, 10]) {
        now = at(minutes);
        seen.push((await rolesOf(opened))?.length);
      }
      assert.deepEqual(seen, [0, 1, 1, 0]);
      assert.notEqual(await grantRole(deps, grant), first, 'one that has lapsed can be given again');
    });

    test('taken away is gone at the next request', async () => {
      const opened = await signIn(whoIs());
      const to = { personId: opened.personId };
      const id = await grantRole(deps, { to, role: 'agent', office: 'rabat', grantedBy: 'a' });
      assert.deepEqual(await rolesOf(opened), ['agent rabat']);
      await revokeRole(deps, id);
      assert.deepEqual(await rolesOf(opened), []);
      await assert.rejects(revokeRole(deps, id), (problem) => problem instanceof Problem && problem.status === 404);
    });

    test('for an office or a number that cannot be one is refused', async () => {
      for (const wrong of [{ office: 'Rabat; drop' }, { office: '' }, { to: { nationalId: '???' } }]) {
        const grant = { to: { nationalId: 'AB1' }, role: 'agent', office: 'rabat', grantedBy: 'a', ...wrong } as const;
        await assert.rejects(grantRole(deps, grant), (problem) => problem instanceof Problem && problem.status === 422);
      }
      const backwards = { validFrom: START, validUntil: START };
      await assert.rejects(
        grantRole(deps, { to: { nationalId: 'AB1' }, role: 'agent', office: 'rabat', grantedBy: 'a', ...backwards }),
      );
    });

    test('shows the rows of its offices and of no other', async () => {
      const opened = await signIn(whoIs());
      const listed = async () => {
        const session = await findSession(deps, opened.token);
        assert.ok(session !== undefined);
        const rows = await sql<{ office: string }>`
          select office from (values (1, 'rabat'), (2, 'sale'), (3, 'fes')) as desk (n, office)
          where ${inOfficesOf(session, 'agent', 'desk.office')} order by n`.execute(db.read);
        return rows.rows.map((row) => row.office);
      };
      assert.deepEqual(await listed(), []);
      const to = { personId: opened.personId };
      for (const office of ['rabat', 'fes']) await grantRole(deps, { to, role: 'agent', office, grantedBy: 'a' });
      assert.deepEqual(await listed(), ['rabat', 'fes']);
    });
  });

  describe('the tables refuse', () => {
    const refuses = (statement: string, reason: RegExp) => assert.rejects(sql.raw(statement).execute(db.read), reason);

    test('to change or remove what was written down', async () => {
      await signIn(whoIs());
      for (const statement of [
        `update identity_event set kind = 'x'`,
        'delete from identity_event',
        'truncate identity_event',
      ]) {
        await refuses(statement, /append-only/);
      }
    });

    test('a number that is sealed but not found, a role for nobody or for two, a session that ends before it begins', async () => {
      const id = "'00000000000000000000000000000001'";
      const at = "'2026-11-23T08:00:00Z'";
      await refuses(
        `insert into person values (${id}, 'a', 'a', null, '\\x${'00'.repeat(40)}', null, ${at}, ${at})`,
        /check constraint/,
      );
      for (const holder of ['null, null', `(select min(id) from person), '\\x${'00'.repeat(32)}'`]) {
        await refuses(
          `insert into role_grant values (${id}, ${holder}, 'agent', 'rabat', ${at}, null, 'a', null)`,
          /check constraint/,
        );
      }
      await refuses(
        `insert into session values ('\\x${'00'.repeat(32)}', ${id}, (select min(id) from person), 'i', 'a', ${at}, ${at}, ${at}, ${at}, null)`,
        /check constraint/,
      );
    });
  });
});
