import type { FastifyRequest } from 'fastify';
import { notFound } from '../../../kernel/index.ts';
import { formOf } from '../../../platform/index.ts';
import type { Acting } from '../audit.ts';
import { idOfForm, type OperatorsDeps } from '../deps.ts';
import type { OperatorRoute } from '../guard.ts';
import { parseDays, parseName, parseRoles } from '../model.ts';
import { confirmPage } from '../pages/accounts.ts';
import type { ConsoleFrame, House } from '../pages/frame.ts';
import { madeTokenPage, type TokenForm, tokensPage } from '../pages/tokens.ts';
import { may } from '../rules.ts';
import { makeToken, revokeToken } from '../service/token.ts';
import { listAccounts } from '../store/account.ts';
import { findToken, listTokens } from '../store/token.ts';
import { accountTexts, tokenTexts } from '../texts/operators.ts';
import { frameOf, languageOf, listOf, page, paramOf, redirect, textOf } from './page.ts';

const BASE = '/:language/console/tokens';

export function tokenPageRoutes(deps: OperatorsDeps, house: House): readonly OperatorRoute[] {
  const own = { access: 'signed-in', rate: 'page' } as const;
  return [
    {
      ...own,
      id: 'console.token.list',
      method: 'GET',
      url: BASE,
      audit: null,
      handle: async (request, { actor }) => page(await showTokens(deps, frameOf(house, request, actor))),
    },
    {
      ...own,
      id: 'console.token.make',
      method: 'POST',
      url: BASE,
      audit: 'operator.token-made',
      rate: 'form',
      handle: (request, acting) => make(deps, house, request, acting),
    },
    {
      ...own,
      id: 'console.token.revoke.ask',
      method: 'GET',
      url: `${BASE}/:id/revoke`,
      audit: null,
      async handle(request, { actor }) {
        const token = await findToken(deps.db.read, paramOf(request, 'id'));
        if (token === undefined || (token.operatorId !== actor.id && !may('operators.change', actor)))
          throw notFound('You have no token of this id.');
        const language = languageOf(request);
        return page(
          confirmPage(frameOf(house, request, actor), '/console/tokens', {
            title: `${tokenTexts.revoke[language]}: ${token.name}`,
            what: tokenTexts.revokeText[language],
            action: `/${language}/console/tokens/${token.id}/revoke`,
            back: `/${language}/console/tokens`,
          }),
        );
      },
    },
    {
      ...own,
      id: 'console.token.revoke',
      method: 'POST',
      url: `${BASE}/:id/revoke`,
      audit: 'operator.token-revoked',
      rate: 'form',
      async handle(request, acting) {
        await revokeToken(deps, acting, paramOf(request, 'id'), may('operators.change', acting.actor));
        return redirect(`/${languageOf(request)}/console/tokens`);
      },
    },
  ];
}

async function make(deps: OperatorsDeps, house: House, request: FastifyRequest, acting: Acting) {
  const form = formOf(request);
  const { actor } = acting;
  const frame = frameOf(house, request, actor, '/console/tokens');
  const given = { name: textOf(form, 'name'), days: textOf(form, 'days').trim(), once: textOf(form, 'once') };
  const name = parseName(given.name);
  const roles = parseRoles(listOf(request, 'roles'));
  const days = parseDays(/^\d{1,3}$/.test(given.days) ? Number(given.days) : undefined);
  const say = (field: string, text: { readonly [key in 'ar' | 'fr' | 'en']: string }) => [
    { field, message: text[frame.language] },
  ];
  const again = (errors: TokenForm['errors']) =>
    showTokens(deps, frame, { ...given, name: given.name.slice(0, 100), roles: listOf(request, 'roles'), errors });
  if (!name.ok || !roles.ok || !days.ok || actor.via !== 'session') {
    const errors = [
      ...(name.ok ? [] : say('name', accountTexts.badName)),
      ...(roles.ok ? [] : say('roles', accountTexts.badRoles)),
      ...(days.ok ? [] : say('days', tokenTexts.badDays)),
    ];
    return page(await again(errors), 422);
  }
  const id = idOfForm(actor, given.once);
  const made = await makeToken(deps, acting, { name: name.value, roles: roles.value, days: days.value, id });
  if (!made.ok) return page(await again(say('roles', tokenTexts.rolesNotHeld)), 422);
  return page(madeTokenPage(frame, made.value.secret), 201);
}

async function showTokens(deps: OperatorsDeps, frame: ConsoleFrame, again?: TokenForm): Promise<string> {
  const { actor } = frame;
  const [tokens, accounts] = await Promise.all([listTokens(deps.db.read), listAccounts(deps.db.read)]);
  const names = new Map(accounts.map(({ id, name }) => [id, name]));
  const seen = may('operators.change', actor) ? tokens : tokens.filter((one) => one.operatorId === actor.id);
  const rows = seen.map((token) => ({ token, holder: names.get(token.operatorId) ?? token.operatorId }));
  const empty = { name: '', roles: [], days: '90', errors: [], once: deps.random(12).toString('base64url') };
  return tokensPage(frame, rows, again ?? empty, deps.clock());
}
