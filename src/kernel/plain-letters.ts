/** Latin letters without accents; Arabic letters without vowel signs and tatweel, hamza carriers made one: for searching. */
export function plainLetters(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll(/[أإآٱ]/g, 'ا')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('\u0640', '')
    .replaceAll('ى', 'ي')
    .replaceAll('ئ', 'ي')
    .replaceAll('ؤ', 'و')
    .replaceAll('ء', '')
    .replaceAll('ة', 'ه');
}
