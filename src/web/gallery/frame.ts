import type { Language } from '../../kernel/index.ts';
import { type Page, page } from '../index.ts';

/** A sample sentence in the three languages; the gallery's own, no module's texts. */
export type Say = (ar: string, fr: string, en: string) => string;

export function sayIn(language: Language): Say {
  return (ar, fr, en) => ({ ar, fr, en })[language];
}

export type Sample = { readonly name: string; readonly render: (language: Language, say: Say) => string };

type SamplePage = Omit<Page, 'language' | 'nav' | 'path'> & {
  readonly file: string;
  readonly here?: 'catalogue' | 'mine';
};

/** Samples are files side by side, `ar-home.html`, so that the language switch works from a folder. */
export function samplePage(language: Language, say: Say, view: SamplePage): string {
  const agent = view.kind === 'agent';
  const nav = agent
    ? [
        {
          href: `${language}-inbox.html`,
          text: say('الملفات الواردة', 'Dossiers reçus', 'Inbox'),
          current: view.file === 'inbox',
        },
        { href: '#search', text: say('البحث', 'Recherche', 'Search') },
        { href: '#delays', text: say('الآجال', 'Délais', 'Deadlines') },
      ]
    : [
        {
          href: `${language}-procedure.html`,
          text: say('المساطر', 'Démarches', 'Procedures'),
          current: view.here === 'catalogue',
        },
        {
          href: `${language}-check.html`,
          text: say('ملفاتي', 'Mes dossiers', 'My dossiers'),
          current: view.here === 'mine',
        },
        { href: '#usage', text: say('من استعمل معطياتي؟', 'Qui a utilisé mes données ?', 'Who used my data?') },
      ];
  return page({
    account: {
      kind: 'signed-in',
      name: agent
        ? say('نادية الفاسي', 'Nadia El Fassi', 'Nadia El Fassi')
        : say('أمينة بنعلي', 'Amina Benali', 'Amina Benali'),
      signOutPath: '#sign-out',
      csrf: 'sample',
    },
    banners: ['demonstration'],
    ...view,
    language,
    nav,
    path: '/',
    homeHref: `${language}-home.html`,
    hrefIn: (other) => `${other}-${view.file}.html`,
  });
}
