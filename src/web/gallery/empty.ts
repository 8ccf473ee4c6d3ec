import { cardList, dataTable, html, problemPage, searchBox, tag } from '../index.ts';
import { type Sample, samplePage } from './frame.ts';

/** Results of a search, a table with nothing in it, and the simulator's banner. */
export const results: Sample = {
  name: 'results',
  render: (language, say) =>
    samplePage(language, say, {
      file: 'results',
      here: 'catalogue',
      banners: ['demonstration', 'simulator'],
      title: say('نتائج البحث', 'Résultats', 'Results'),
      main: html`<h1>${say('نتائج البحث', 'Résultats de la recherche', 'Search results')}</h1>${searchBox({ language, action: '#', label: say('بحث', 'Recherche', 'Search'), value: 'résidence & <b>"ville"</b>', labelHidden: true })}${cardList(
        {
          look: 'rows',
          headingLevel: 2,
          cards: [
            {
              title: say('شهادة السكنى', 'Certificat de résidence', 'Certificate of residence'),
              href: '#1',
              text: say('تثبت محل سكناك.', 'Prouve votre domicile.', 'Proves where you live.'),
              meta: tag({ text: say('عبر الإنترنت', 'En ligne', 'Online'), tone: 'green' }),
            },
            {
              title: say('رخصة السكن', 'Permis d’habiter', 'Permit to inhabit'),
              href: '#2',
              text: say('بعد نهاية أشغال البناء.', 'Après la fin des travaux.', 'After building work.'),
            },
          ],
        },
      )}<h2>${say('ملفاتي', 'Mes dossiers', 'My dossiers')}</h2>${dataTable({ language, caption: '', columns: [], rows: [], empty: html`<p>${say('ليس لديك أي ملف بعد.', 'Vous n’avez pas encore de dossier.', 'You have no dossier yet.')}</p>` })}`,
    }),
};

export const fault: Sample = {
  name: 'fault',
  render: (language) =>
    problemPage({
      language,
      path: '/',
      status: 503,
      requestId: 'req-4f1c',
      homeHref: `${language}-home.html`,
      hrefIn: (other) => `${other}-fault.html`,
    }),
};
