import type { FastifyRequest } from 'fastify';
import { isLanguage, type Problem } from '../../kernel/index.ts';
import type { Asset } from '../../platform/index.ts';
import { problemPage, webAssets } from '../../web/index.ts';
import { PASSKEY_ASSETS } from './assets.ts';
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
