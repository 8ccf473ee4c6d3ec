import type { Language } from '../../kernel/index.ts';
import { ar } from './ar.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';
import type { FrameTexts } from './model.ts';

const TEXTS: Readonly<Record<Language, FrameTexts>> = { ar, fr, en };

export function textsOf(language: Language): FrameTexts {
  return TEXTS[language];
}
