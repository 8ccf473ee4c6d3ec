import { html, inset, page, reference, summaryList } from '../../web/index.ts';

export type ProblemEntry = {
  readonly slug: string;
  readonly status: number;
  readonly title: string;
  readonly remedy: string;
};

/** Where the `type` of a problem leads: for those who write programs, in English. */
export function problemTypePage(entry: ProblemEntry): string {
  return page({
    language: 'en',
    path: `/problems/${entry.slug}`,
    hrefIn: (language) => `/${language}`,
    title: entry.title,
    main: html`<h1>${entry.title}</h1>${summaryList({
      language: 'en',
      rows: [
        { key: 'Type', value: reference(entry.slug) },
        { key: 'HTTP status', value: String(entry.status) },
        { key: 'What to do', value: entry.remedy },
      ],
    })}${inset('The member "detail" of the problem says what was wrong this time; "errors" names the fields.')}`,
  });
}
