import type { Language } from '../../kernel/index.ts';
import { ar } from './ar.ts';
import type { FormTexts } from './catalogue.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';

export const formTexts: Readonly<Record<Language, FormTexts>> = { ar, fr, en };
