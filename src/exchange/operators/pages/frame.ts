import type { Language } from '../../../kernel/index.ts';
import { type Page, page } from '../../../web/index.ts';
import type { Actor } from '../model.ts';
import { may } from '../rules.ts';
import { frameTexts } from '../texts/operators.ts';
import type { Trio } from '../texts/trio.ts';

/** What stands around the pages of one house: a gateway's console, or the registry's. */
export type House = {
  /** INST/CLASS/MEMBER/SERVERCODE, or the registry's instance. */
  readonly name: string;
  readonly title: Trio;
  /** Its own pages by part of the menu, in their order; what the actor may not open is left out. */
  readonly menu: (actor: Actor) => readonly MenuPart[];
};

/** A part of one page is a plain entry; of several, the first stands for it and the others show beside it. */
export type MenuPart = { readonly text: Trio; readonly pages: readonly MenuPage[] };
/** The path is without the language. */
export type MenuPage = { readonly path: string; readonly text: Trio };

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
    ...(isSignedIn ? navigation(frame, here) : {}),
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

function navigation({ house, actor, language }: ConsoleFrame, here: string | undefined): Pick<Page, 'nav' | 'subnav'> {
  const parts = [...house.menu(actor), peoplePart(actor)].filter((part) => part.pages.length > 0);
  const current = parts.find((part) => part.pages.some((one) => one.path === here));
  const hrefOf = (path = '') => `/${language}${path}`;
  return {
    nav: parts.map((part) => ({
      href: hrefOf(part.pages[0]?.path),
      text: part.text[language],
      current: part === current,
    })),
    ...(current === undefined || current.pages.length < 2
      ? {}
      : {
          subnav: {
            label: current.text[language],
            items: current.pages.map(({ path, text }) => ({
              href: hrefOf(path),
              text: text[language],
              current: path === here,
            })),
          },
        }),
  };
}

function peoplePart(actor: Actor): MenuPart {
  return {
    text: frameTexts.people,
    pages: [
      ...(may('operators.change', actor) ? [{ path: '/console/operators', text: frameTexts.operators }] : []),
      { path: '/console/tokens', text: frameTexts.tokens },
      ...(may('audit.read', actor) ? [{ path: '/console/audit', text: frameTexts.audit }] : []),
    ],
  };
}
