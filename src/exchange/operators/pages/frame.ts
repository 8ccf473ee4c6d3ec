import type { Language } from '../../../kernel/index.ts';
import { type LinkItem, type Page, page } from '../../../web/index.ts';
import type { Actor } from '../model.ts';
import { may } from '../rules.ts';
import { frameTexts } from '../texts/operators.ts';
import type { Trio } from '../texts/trio.ts';

/** What stands around the pages of one house: a gateway's console, or the registry's. */
export type House = {
  /** INST/CLASS/MEMBER/SERVERCODE, or the registry's instance. */
  readonly name: string;
  readonly title: Trio;
  /** Its own pages, in the order of the menu; paths without the language. */
  readonly menu: (actor: Actor) => readonly { readonly path: string; readonly text: Trio }[];
};

export type ConsoleFrame = {
  readonly house: House;
  readonly language: Language;
  /** Without the language: `/console/audit?…`; of a posted form, the page that it stood on. */
  readonly path: string;
  readonly actor: Actor;
};

/** A page of the console; `here` is the path of the menu's item that it belongs to. */
export function consolePage(
  frame: ConsoleFrame,
  here: string | undefined,
  view: Pick<Page, 'title' | 'main'> & Partial<Page>,
): string {
  const { language, actor, house } = frame;
  const isSignedIn = actor.via !== 'nobody';
  return page({
    language,
    path: frame.path,
    kind: 'agent',
    brandLine: `${house.title[language]} · ${house.name}`,
    nav: isSignedIn ? navigation(frame, here) : [],
    ...(actor.csrf === undefined
      ? {}
      : {
          account: {
            kind: 'signed-in',
            name: actor.name,
            signOutPath: `/${language}/console/sign-out`,
            csrf: actor.csrf,
          },
        }),
    footer: [],
    noIndex: true,
    homeHref: `/${language}/console`,
    ...view,
  });
}

function navigation({ house, actor, language }: ConsoleFrame, here: string | undefined): readonly LinkItem[] {
  const items = [
    ...house.menu(actor),
    ...(may('operators.change', actor) ? [{ path: '/console/operators', text: frameTexts.operators }] : []),
    { path: '/console/tokens', text: frameTexts.tokens },
    ...(may('audit.read', actor) ? [{ path: '/console/audit', text: frameTexts.audit }] : []),
  ];
  return items.map(({ path, text }) => ({
    href: `/${language}${path}`,
    text: text[language],
    current: path === here,
  }));
}
