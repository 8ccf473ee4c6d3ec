/** The languages of every text that a person reads. Arabic comes first and is always there. */
export const LANGUAGES = ['ar', 'fr', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export function isLanguage(value: unknown): value is Language {
  return value === 'ar' || value === 'fr' || value === 'en';
}

export function directionOf(language: Language): 'rtl' | 'ltr' {
  return language === 'ar' ? 'rtl' : 'ltr';
}

/** A text of the content: Arabic and French always, English where somebody wrote it. */
export type LocalText = { readonly ar: string; readonly fr: string; readonly en?: string };

/** Falls back from English to French, and says which language the text is in, for its `lang` attribute. */
export function textIn(text: LocalText, language: Language): { readonly text: string; readonly language: Language } {
  if (language === 'en') {
    return text.en === undefined ? { text: text.fr, language: 'fr' } : { text: text.en, language: 'en' };
  }
  return { text: text[language], language };
}
