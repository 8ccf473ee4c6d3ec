import type { Language } from '../../kernel/index.ts';
import { ar } from './ar.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';
import type { IdentityTexts } from './model.ts';

const CATALOGUES: Readonly<Record<Language, IdentityTexts>> = { ar, fr, en };

export function textsOf(language: Language): IdentityTexts {
  return CATALOGUES[language];
}
