import type { Answer } from '../../platform/index.ts';
import { requestPath } from '../pages/filing.ts';
import { refusedPage } from '../pages/request.ts';
import type { Refusal } from '../rules/refusal.ts';
import type { Loaded } from '../service/change.ts';
import { ownDossier } from '../service/filing.ts';
import { refusalText } from '../texts/domain/index.ts';
import { actorOf, frameOf, html, idOf, languageOf, type PortalRoute, type RouteDeps } from './deps.ts';

export type Request = Parameters<PortalRoute['handle']>[0];

export const read = { method: 'GET', access: 'citizen', audit: null, rate: 'page' } as const;
export const act = { method: 'POST', access: 'citizen', rate: 'form' } as const;

export function own(deps: RouteDeps, request: Request): Promise<Loaded> {
  return ownDossier(deps, actorOf(deps, request), idOf(request));
}

export function redirect(path: string): Answer {
  return { kind: 'redirect', to: path };
}

/** A page that says why, in the person's language, with the way back to the request. */
export function refused(
  deps: RouteDeps,
  request: Request,
  refusal: Refusal,
  loaded: Pick<Loaded, 'around'>,
  status = 409,
): Answer {
  const language = languageOf(request);
  const back = requestPath(language, idOf(request));
  return html(
    refusedPage(frameOf(deps, request), refusalText(refusal, loaded.around.procedure, language), back),
    status,
  );
}
