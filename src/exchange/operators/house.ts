import type { FastifyRequest } from 'fastify';
import { isLanguage, type Problem } from '../../kernel/index.ts';
import type { Asset } from '../../platform/index.ts';
import { type Page, problemPage, webAssets } from '../../web/index.ts';
import { PASSKEY_ASSETS } from './assets.ts';
import { keptFormOf, senderOf } from './kept-form.ts';
import { keptSendPage, keptSignInPage } from './pages/kept-form.ts';
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
    const around = {
      language,
      path: request.method === 'GET' ? request.url.slice(3) : '/console',
      kind: 'agent',
      brandLine: title[language],
      footer: [],
      homeHref: `/${language}/console`,
    } as const;
    return (
      keptPage(problem, request, around) ??
      problemPage({
        ...around,
        status: problem.status,
        requestId: request.id,
      })
    );
  };
}

/** A form is not lost to a session that has ended, or to a newer one. */
function keptPage(problem: Problem, request: FastifyRequest, around: Omit<Page, 'title' | 'main'>) {
  const isExpired = problem.slug === 'form-expired';
  const kept = isExpired || problem.status === 401 ? keptFormOf(request) : undefined;
  if (kept === undefined) return undefined;
  const csrf = senderOf(request)?.csrf;
  if (!isExpired) return keptSignInPage(around, kept);
  return csrf === undefined ? undefined : keptSendPage(around, kept, csrf);
}
