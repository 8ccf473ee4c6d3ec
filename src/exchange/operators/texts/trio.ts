/** One text in the three languages; a gap does not compile. */
export type Trio = { readonly ar: string; readonly fr: string; readonly en: string };

export const t = (ar: string, fr: string, en: string): Trio => ({ ar, fr, en });
