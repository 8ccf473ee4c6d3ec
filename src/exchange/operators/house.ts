import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLanguage, type Problem } from '../../kernel/index.ts';
import { type Asset, mountAssets } from '../../platform/index.ts';
import { problemPage, webAssets } from '../../web/index.ts';
import { PASSKEY_ASSETS } from './assets.ts';
import type { Operators } from './operators.ts';
import type { House } from './pages/frame.ts';
import { languageOf } from './routes/page.ts';
import { may } from './rules.ts';
import type { Trio } from './texts/trio.ts';

/** Style, fonts and the passkeys' scripts. Compressed once a process: several houses may live in one. */
let assets: readonly Asset[] | undefined;
export function pageAssets(): readonly Asset[] {
  assets ??= [...webAssets(), ...PASSKEY_ASSETS];
  return assets;
}

/** Refusals on a console as a page, for browsers; programs get the problem itself. */
export function consoleProblemPage(title: Trio) {
  return (problem: Problem, request: FastifyRequest): string | undefined => {
    const [, language = '', place = ''] = request.url.split(/[/?]/);
    if (!isLanguage(language) || place !== 'console' || problem.status === 303) return undefined;
    return problemPage({
      language,
      path: request.method === 'GET' ? request.url.slice(3) : '/console',
      kind: 'agent',
      brandLine: title[language],
      footer: [],
      homeHref: `/${language}/console`,
      status: problem.status,
      requestId: request.id,
    });
  };
}

/** Accounts, tokens and audit as the console of a house that has no pages of its own; its home is the first of them. */
export function mountPlainConsole(server: FastifyInstance, operators: Operators, house: House): void {
  mountAssets(server, pageAssets());
  operators.mountPages(server, house);
  operators.mount(server, [
    {
      id: 'console.home.show',
      method: 'GET',
      url: '/:language/console',
      access: 'signed-in',
      audit: null,
      rate: 'page',
      async handle(request, { actor }) {
        const [first = { path: '/console/tokens' }] = house.menu(actor);
        const place =
          may('operators.change', actor) && house.menu(actor).length === 0 ? '/console/operators' : first.path;
        return { kind: 'redirect', to: `/${languageOf(request)}${place}` };
      },
    },
  ]);
}
