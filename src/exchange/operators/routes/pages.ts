import type { FastifyRequest } from 'fastify';
import { notFound } from '../../../kernel/index.ts';
import { formOf } from '../../../platform/index.ts';
import type { actingAs } from '../audit.ts';
import { idOfForm, type OperatorsDeps } from '../deps.ts';
import type { Guard, OperatorRoute } from '../guard.ts';
import { type Actor, parseName, parseRoles } from '../model.ts';
import { type AccountForm, accountPage, accountsPage, confirmPage, linkPage } from '../pages/accounts.ts';
import type { ConsoleFrame, House } from '../pages/frame.ts';
import { enrolPage, signInPage } from '../pages/sign-in.ts';
import type { AccountRefusal } from '../rules.ts';
import { addOperator, changeAccount, inviteAgain, removePasskeys } from '../service/account.ts';
import { closeSession } from '../service/session.ts';
import { listAccounts } from '../store/account.ts';
import { listPasskeys } from '../store/passkey.ts';
import { accountTexts, tokenTexts } from '../texts/operators.ts';
import { auditRoutes } from './audit-pages.ts';
import { frameOf, languageOf, listOf, page, paramOf, queryOf, redirect, textOf } from './page.ts';
import { tokenPageRoutes } from './token-pages.ts';

const BASE = '/:language/console';

/** Sign-in, accounts, tokens and audit as pages of one house. */
export function operatorPages(deps: OperatorsDeps, guard: Guard, house: House): readonly OperatorRoute[] {
  return [
    ...entryPages(deps, guard, house),
    ...accountPages(deps, house),
    ...accountChanges(deps, house),
    ...accountEndings(deps, house),
    ...tokenPageRoutes(deps, house),
    ...auditRoutes(deps, house),
  ];
}

/** Where to come back to after sign-in: a page of this console and nothing else. */
export function returnPath(value: string, otherwise: string): string {
  return /^\/(ar|fr|en)\/console(\/[\w./-]*)?(\?[\w=&%.+-]*)?$/.test(value) ? value : otherwise;
}

function entryPages(deps: OperatorsDeps, { cookies }: Guard, house: House): readonly OperatorRoute[] {
  const open = { access: 'public', audit: null, rate: 'page' } as const;
  return [
    {
      ...open,
      id: 'console.sign-in.show',
      method: 'GET',
      url: `${BASE}/sign-in`,
      async handle(request, { actor }) {
        const next = returnPath(queryOf(request, 'return'), `/${languageOf(request)}/console`);
        if (actor.via === 'session') return redirect(next);
        const origin = deps.origin();
        const isGood = request.headers.host === new URL(origin).host;
        const frame = frameOf(house, request, actor);
        return page(signInPage(frame, { next, ...(isGood ? {} : { goodOrigin: `${origin}${next}` }) }));
      },
    },
    {
      ...open,
      id: 'console.enrolment.show',
      method: 'GET',
      url: `${BASE}/enrol`,
      handle: async (request, { actor }) => page(enrolPage(frameOf(house, request, actor))),
    },
    {
      id: 'console.sign-out',
      method: 'POST',
      url: `${BASE}/sign-out`,
      access: 'signed-in',
      audit: 'operator.signed-out',
      rate: 'sign-in',
      async handle(request, acting) {
        const token = cookies.sessionToken(request);
        if (token !== undefined) await closeSession(deps, acting, token);
        const to = `/${languageOf(request)}/console/sign-in`;
        return { kind: 'redirect', to, headers: { 'set-cookie': cookies.noSession() } };
      },
    },
  ];
}

function accountPages(deps: OperatorsDeps, house: House): readonly OperatorRoute[] {
  const change = { access: 'operators.change', rate: 'page', audit: null, method: 'GET' } as const;
  return [
    {
      ...change,
      id: 'console.account.list',
      url: `${BASE}/operators`,
      handle: async (request, { actor }) => page(await showAccounts(deps, frameOf(house, request, actor))),
    },
    {
      ...change,
      id: 'console.account.show',
      url: `${BASE}/operators/:id`,
      handle: async (request, { actor }) =>
        page(accountPage(frameOf(house, request, actor), await accountRow(deps, paramOf(request, 'id')))),
    },
    {
      ...change,
      id: 'console.account.disable.ask',
      url: `${BASE}/operators/:id/disable`,
      handle: (request, { actor }) => ask(deps, house, request, actor, 'disable'),
    },
    {
      ...change,
      id: 'console.account.passkeys.ask',
      url: `${BASE}/operators/:id/passkeys`,
      handle: (request, { actor }) => ask(deps, house, request, actor, 'passkeys'),
    },
  ];
}

async function ask(
  deps: OperatorsDeps,
  house: House,
  request: FastifyRequest,
  actor: Actor,
  what: 'disable' | 'passkeys',
) {
  const { operator } = await accountRow(deps, paramOf(request, 'id'));
  const language = languageOf(request);
  const path = `/${language}/console/operators/${operator.id}`;
  const words = {
    disable: { title: accountTexts.disable, text: accountTexts.disableText },
    passkeys: { title: accountTexts.removePasskeys, text: accountTexts.removePasskeysText },
  }[what];
  return page(
    confirmPage(frameOf(house, request, actor), '/console/operators', {
      title: `${words.title[language]}: ${operator.name}`,
      what: words.text[language],
      action: `${path}/${what}`,
      back: path,
    }),
  );
}

function accountChanges(deps: OperatorsDeps, house: House): readonly OperatorRoute[] {
  const change = { access: 'operators.change', rate: 'form', method: 'POST' } as const;
  return [
    {
      ...change,
      id: 'console.account.add',
      url: `${BASE}/operators`,
      audit: 'operator.added',
      handle: (request, acting) => add(deps, house, request, acting),
    },
    {
      ...change,
      id: 'console.account.invite',
      url: `${BASE}/operators/:id/links`,
      audit: 'operator.link-made',
      async handle(request, acting) {
        const made = await inviteAgain(deps, acting, paramOf(request, 'id'));
        return page(linkPage(frameOf(house, request, acting.actor, '/console/operators'), made));
      },
    },
    {
      ...change,
      id: 'console.account.roles',
      url: `${BASE}/operators/:id/roles`,
      audit: 'operator.roles-changed',
      async handle(request, acting) {
        const roles = parseRoles(listOf(request, 'roles'));
        const id = paramOf(request, 'id');
        if (!roles.ok) return refused(deps, house, request, acting.actor, 'roles');
        const changed = await changeAccount(deps, acting, id, roles.value);
        return changed.ok
          ? redirect(`/${languageOf(request)}/console/operators/${id}`)
          : refused(deps, house, request, acting.actor, changed.error.kind);
      },
    },
  ];
}

function accountEndings(deps: OperatorsDeps, house: House): readonly OperatorRoute[] {
  const change = { access: 'operators.change', rate: 'form', method: 'POST' } as const;
  return [
    {
      ...change,
      id: 'console.account.passkeys.remove',
      url: `${BASE}/operators/:id/passkeys`,
      audit: 'operator.passkeys-removed',
      async handle(request, acting) {
        const id = paramOf(request, 'id');
        const removed = await removePasskeys(deps, acting, id);
        return removed.ok
          ? redirect(`/${languageOf(request)}/console/operators/${id}`)
          : refused(deps, house, request, acting.actor, removed.error.kind);
      },
    },
    {
      ...change,
      id: 'console.account.disable',
      url: `${BASE}/operators/:id/disable`,
      audit: 'operator.disabled',
      async handle(request, acting) {
        const changed = await changeAccount(deps, acting, paramOf(request, 'id'), []);
        return changed.ok
          ? redirect(`/${languageOf(request)}/console/operators`)
          : refused(deps, house, request, acting.actor, changed.error.kind);
      },
    },
  ];
}

async function refused(
  deps: OperatorsDeps,
  house: House,
  request: FastifyRequest,
  actor: Actor,
  kind: AccountRefusal['kind'] | 'roles',
) {
  const id = paramOf(request, 'id');
  const frame = frameOf(house, request, actor, `/console/operators/${id}`);
  const message = {
    roles: accountTexts.badRoles,
    'own-account': accountTexts.ownAccount,
    'last-administrator': accountTexts.lastAdministrator,
    'roles-not-held': tokenTexts.rolesNotHeld,
  }[kind][frame.language];
  return page(accountPage(frame, await accountRow(deps, id), [{ field: 'roles', message }]), 422);
}

async function add(deps: OperatorsDeps, house: House, request: FastifyRequest, acting: ReturnType<typeof actingAs>) {
  const form = formOf(request);
  const frame = frameOf(house, request, acting.actor, '/console/operators');
  const [name, roles] = [parseName(textOf(form, 'name')), parseRoles(listOf(request, 'roles'))];
  const once = textOf(form, 'once');
  if (name.ok && roles.ok) {
    const id = idOfForm(acting.actor, once);
    const made = await addOperator(deps, acting, { name: name.value, roles: roles.value, id });
    return page(linkPage(frame, made), 201);
  }
  const errors = [
    ...(name.ok ? [] : [{ field: 'name', message: accountTexts.badName[frame.language] }]),
    ...(roles.ok ? [] : [{ field: 'roles', message: accountTexts.badRoles[frame.language] }]),
  ];
  const again = { name: textOf(form, 'name').slice(0, 100), roles: listOf(request, 'roles'), errors, once };
  return page(await showAccounts(deps, frame, again), 422);
}

async function showAccounts(deps: OperatorsDeps, frame: ConsoleFrame, again?: AccountForm): Promise<string> {
  const empty = { name: '', roles: [], errors: [], once: deps.random(12).toString('base64url') };
  return accountsPage(frame, await accountRows(deps), again ?? empty);
}

async function accountRows(deps: OperatorsDeps) {
  const [operators, passkeys] = await Promise.all([listAccounts(deps.db.read), listPasskeys(deps.db.read)]);
  return operators.map((operator) => {
    const own = passkeys.filter((one) => one.operatorId === operator.id);
    const used = own.map((one) => one.usedAt?.getTime() ?? 0);
    const last = Math.max(0, ...used);
    return { operator, passkeys: own.length, usedAt: last === 0 ? null : new Date(last) };
  });
}

async function accountRow(deps: OperatorsDeps, id: string) {
  const found = (await accountRows(deps)).find((row) => row.operator.id === id);
  if (found === undefined) throw notFound('There is no account of this id.');
  return found;
}
