/**
 * Strict base64 and base64url: what does not encode back to the same letters is refused, since the spare bits of
 * the last letter would otherwise let two texts stand for one value. Returns undefined on refusal.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
