/** Problem types of RFC 9457 that are not the exchange's; slugs are never used again for something else. */
export const PROBLEM_TYPES: readonly { readonly slug: string; readonly status: number; readonly title: string }[] = [
  { slug: 'malformed', status: 400, title: 'The request cannot be read' },
  { slug: 'unauthenticated', status: 401, title: 'Sign in first' },
  { slug: 'forbidden', status: 403, title: 'This is not allowed to you' },
  { slug: 'not-found', status: 404, title: 'There is nothing here' },
  { slug: 'conflict', status: 409, title: 'The state has changed meanwhile' },
  { slug: 'too-large', status: 413, title: 'Too large' },
  { slug: 'unsupported-media-type', status: 415, title: 'This kind of body is not read here' },
  { slug: 'invalid', status: 422, title: 'Some values are not acceptable' },
  { slug: 'too-many-requests', status: 429, title: 'Too many requests' },
  { slug: 'internal', status: 500, title: 'An error on our side' },
  { slug: 'unavailable', status: 503, title: 'Not available at the moment' },
  { slug: 'ledger-log-has-grown', status: 409, title: 'The ledger has grown meanwhile' },
  { slug: 'join-token', status: 403, title: 'The join token is not good' },
  { slug: 'join-request', status: 422, title: 'The request to join is not acceptable' },
  { slug: 'join-conflict', status: 409, title: 'The gateway or its address is taken' },
  { slug: 'join-refused', status: 403, title: 'The registry refused the request to join' },
];
