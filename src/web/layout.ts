import { directionOf, LANGUAGES, type Language } from '../kernel/index.ts';
import { FAVICON_PATH } from './assets.ts';
import { attributes, type Html, type HtmlValue, html, nothing, type Text } from './html.ts';
import { icon } from './icons.ts';
import { FONTS, STYLESHEET_PATH } from './stylesheet.ts';
import { textsOf } from './texts/index.ts';

export type LinkItem = { readonly href: string; readonly text: Text; readonly current?: boolean | undefined };

export type Account =
  | { readonly kind: 'signed-in'; readonly name: Text; readonly signOutPath: string; readonly csrf: string }
  | { readonly kind: 'signed-out'; readonly signInPath: string };

/** `demonstration` and `simulator` have their words here; others bring their own. */
export type Banner = 'demonstration' | 'simulator' | { readonly text: Text };

export type Page = {
  readonly language: Language;
  /** Of this page only; the product's name is added. */
  readonly title: string;
  /** The address without its language, `/procedures?q=…`, so that changing the language keeps the place. */
  readonly path: string;
  readonly main: Html;
  /** Citizens read one column of large text; agents work in dense tables over the full width. */
  readonly kind?: 'citizen' | 'agent' | undefined;
  /** Markup over the full width above the column, as on the home page; it then holds the h1. */
  readonly hero?: Html | undefined;
  readonly nav?: readonly LinkItem[] | undefined;
  /** The pages beside this one in the part of the menu that it belongs to. */
  readonly subnav?: { readonly label: string; readonly items: readonly LinkItem[] } | undefined;
  readonly account?: Account | undefined;
  readonly banners?: readonly Banner[] | undefined;
  readonly back?: { readonly href: string; readonly text?: Text | undefined } | undefined;
  readonly breadcrumbs?: readonly LinkItem[] | undefined;
  /** Puts "Error:" before the title, which is what a screen reader says first after a refused form. */
  readonly hasErrors?: boolean | undefined;
  readonly description?: string | undefined;
  readonly noIndex?: boolean | undefined;
  /** Where this page is in another language, when that is not `/{language}{path}`. */
  readonly hrefIn?: ((language: Language) => string) | undefined;
  /** In place of the portal's own links; an empty list shows none. */
  readonly footer?: readonly LinkItem[] | undefined;
  readonly homeHref?: string | undefined;
  /** Beside the word mark, in place of the general words: which console this is. */
  readonly brandLine?: Text | undefined;
  readonly head?: Html | undefined;
};

/** A whole document. It sends no script. */
export function page(view: Page): string {
  const { language } = view;
  return String(html`<!doctype html>
<html lang="${language}" dir="${directionOf(language)}">
${head(view)}
<body class="${view.kind ?? 'citizen'}">
${bodyOf(view)}
</body>
</html>
`);
}

/** What stands between the body's tags. */
export function bodyOf(view: Page): Html {
  return html`<a class="skip-link" href="#main">${textsOf(view.language).skipLink}</a>
${header(view)}
${view.hero ?? nothing}<div class="column">${way(view)}<main id="main" tabindex="-1">
${view.main}
</main></div>
${footer(view)}`;
}

export const titleOf = (view: Page): string => `${view.title} – ${PRODUCT[view.language]}`;

function head(view: Page): Html {
  const texts = textsOf(view.language);
  const title = `${view.hasErrors === true ? `${texts.errorTitlePrefix} ` : ''}${view.title}`;
  const script = view.language === 'ar' ? 'arabic' : 'latin';
  const preloaded = FONTS.filter((font) => font.subset === script);
  return html`<head>
<meta charset="utf-8">
<title>${title} – ${PRODUCT[view.language]}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" content="#faf7f1">
<meta name="format-detection" content="telephone=no">
${view.description === undefined ? nothing : html`<meta name="description" content="${view.description}">`}
${view.noIndex === true ? html`<meta name="robots" content="noindex, nofollow">` : nothing}
<link rel="stylesheet" href="${STYLESHEET_PATH}">
${preloaded.map((font) => html`<link rel="preload" href="${font.path}" as="font" type="font/woff2" crossorigin>`)}
<link rel="icon" href="${FAVICON_PATH}" type="image/svg+xml">
${LANGUAGES.map((other) => html`<link rel="alternate" hreflang="${other}" href="${hrefIn(view, other)}">`)}
${view.head ?? nothing}
</head>`;
}

/** The mark is the same in every language; a title bar and a voice need letters of their own script. */
const PRODUCT: Readonly<Record<Language, string>> = { ar: 'وصل', fr: 'Wasl', en: 'Wasl' };

function hrefIn(view: Page, language: Language): string {
  return view.hrefIn?.(language) ?? `/${language}${view.path}`;
}

function banners(view: Page): HtmlValue {
  const texts = textsOf(view.language);
  return (view.banners ?? []).map((banner) => {
    const text = typeof banner === 'string' ? texts[banner] : banner.text;
    return html`<p class="banner${banner === 'simulator' ? ' banner-simulator' : ''}" role="note">${text}</p>`;
  });
}

function header(view: Page): Html {
  const { language } = view;
  const texts = textsOf(language);
  return html`<header class="masthead">${banners(view)}
<div class="masthead-row">
<a class="brand" href="${view.homeHref ?? `/${language}/`}"><span class="brand-mark" lang="ar" dir="rtl">وصل</span><span class="brand-line">${view.brandLine ?? (view.kind === 'agent' ? texts.agentSpace : texts.tagline)}</span><span class="visually-hidden">${texts.homeLink}</span></a>
${languageSwitch(view)}
</div>
${menu(view)}
</header>`;
}

function languageSwitch(view: Page): Html {
  return html`<nav class="languages" aria-label="${textsOf(view.language).languages}"><ul>${LANGUAGES.map(
    (other) =>
      html`<li><a href="${hrefIn(view, other)}" lang="${other}" hreflang="${other}" dir="${directionOf(other)}"${attributes({ 'aria-current': other === view.language ? 'true' : undefined })}>${textsOf(other).languageName}</a></li>`,
  )}</ul></nav>`;
}

function menu(view: Page): Html {
  const items = view.nav ?? [];
  if (items.length === 0 && view.account === undefined) return nothing;
  const texts = textsOf(view.language);
  const { subnav } = view;
  const list = html`<nav class="menu" aria-label="${texts.mainMenu}">${linkList(items, subnav === undefined ? 'page' : 'true')}</nav>`;
  return html`<div class="menu-row">${items.length > 0 ? list : nothing}${account(view)}</div>${
    subnav === undefined
      ? nothing
      : html`<nav class="submenu" aria-label="${subnav.label}">${linkList(subnav.items, 'page')}</nav>`
  }`;
}

/** `current` says of a part of the menu that one is in it (`true`), of a page that it is this one. */
function linkList(items: readonly LinkItem[], current: 'page' | 'true'): Html {
  return html`<ul>${items.map(
    (item) =>
      html`<li><a href="${item.href}"${attributes({ 'aria-current': item.current === true ? current : undefined })}>${item.text}</a></li>`,
  )}</ul>`;
}

function account(view: Page): Html {
  const texts = textsOf(view.language);
  if (view.account === undefined) return nothing;
  if (view.account.kind === 'signed-out') {
    return html`<p class="account"><a class="account-link" href="${view.account.signInPath}">${icon('person')}${texts.signIn}</a></p>`;
  }
  const { name, signOutPath, csrf } = view.account;
  return html`<form class="account" method="post" action="${signOutPath}"><span class="account-name">${icon('person')}<span class="visually-hidden">${texts.signedInAs} </span><bdi>${name}</bdi></span><input type="hidden" name="_csrf" value="${csrf}"><button class="account-link" type="submit">${texts.signOut}</button></form>`;
}

/** Where one is: a way back, or the path that led here. */
function way(view: Page): HtmlValue {
  const texts = textsOf(view.language);
  if (view.back !== undefined) {
    return html`<nav class="back" aria-label="${texts.breadcrumbs}"><a class="back-link" href="${view.back.href}">${icon('chevron')}${view.back.text ?? texts.back}</a></nav>`;
  }
  if (view.breadcrumbs === undefined || view.breadcrumbs.length === 0) return nothing;
  return html`<nav class="breadcrumbs" aria-label="${texts.breadcrumbs}"><ol>${view.breadcrumbs.map(
    (step) => html`<li><a href="${step.href}">${step.text}</a></li>`,
  )}</ol></nav>`;
}

function portalLinks(language: Language): readonly LinkItem[] {
  const texts = textsOf(language);
  return [
    { href: `/${language}/accessibility`, text: texts.accessibility },
    { href: `/${language}/legal`, text: texts.legalNotice },
    { href: `/${language}/ledger`, text: texts.ledger },
  ];
}

function footer(view: Page): Html {
  const { language } = view;
  const texts = textsOf(language);
  const links = view.footer ?? portalLinks(language);
  const list = html`<nav aria-label="${texts.footerMenu}"><ul>${links.map((link) => html`<li><a href="${link.href}">${link.text}</a></li>`)}</ul></nav>`;
  return html`<footer class="footer"><div class="footer-row"><p class="footer-line"><span class="brand-mark" lang="ar" dir="rtl">وصل</span> ${texts.footerLine}</p>${links.length > 0 ? list : nothing}</div></footer>`;
}
