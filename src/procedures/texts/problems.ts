type ProblemType = { readonly slug: string; readonly status: number; readonly title: string; readonly remedy: string };

const type = (slug: string, status: number, title: string, remedy: string): ProblemType => ({
  slug,
  status,
  title,
  remedy,
});

const SIGN_IN_AGAIN = 'Begin again at /auth/login.';
const ASK_OPERATOR = 'Ask the operator of the registry.';

/** Problem types of RFC 9457 that are not the exchange's; slugs are never used again for something else. */
export const PROBLEM_TYPES: readonly ProblemType[] = [
  type('malformed', 400, 'The request cannot be read', 'Correct what "detail" names, then send the request again.'),
  type('unauthenticated', 401, 'Sign in first', 'Sign in at /auth/login and send the session’s cookie.'),
  type('forbidden', 403, 'This is not allowed to you', 'Use an account that may do this.'),
  type('form-expired', 403, 'The form does not belong to this session', 'Open the page again and send its own form.'),
  type('role-missing', 403, 'A role is missing', 'Ask the administrator of the office for the role that is named.'),
  type(
    'not-identified',
    403,
    'The national identity number is missing',
    'Sign in with the national electronic identity.',
  ),
  type('sign-in-denied', 403, 'Sign-in was refused', SIGN_IN_AGAIN),
  type('sign-in-unknown', 400, 'This sign-in is not known', SIGN_IN_AGAIN),
  type('sign-in-refused', 400, 'The sign-in was not accepted', SIGN_IN_AGAIN),
  type('sign-in-account', 409, 'The account cannot be opened', 'Ask those who run the portal: a person looks into it.'),
  type('sign-in-unavailable', 503, 'Sign-in is not available', 'Try again in a few minutes.'),
  type('not-found', 404, 'There is nothing here', 'Check the address; it may also be another person’s.'),
  type('conflict', 409, 'The state has changed meanwhile', 'Read the state again, then decide anew.'),
  type('too-large', 413, 'Too large', 'Send less, or a smaller file.'),
  type(
    'unsupported-media-type',
    415,
    'This kind of body is not read here',
    'Send a form, or what the address documents.',
  ),
  type('invalid', 422, 'Some values are not acceptable', 'Correct the fields that "errors" names.'),
  type('too-many-requests', 429, 'Too many requests', 'Wait for as many seconds as Retry-After says.'),
  type('internal', 500, 'An error on our side', 'Try again; if it goes on, report the number in "instance".'),
  type(
    'unavailable',
    503,
    'Not available at the moment',
    'Try again in a few minutes; nothing that was saved is lost.',
  ),
  type('ledger-log-has-grown', 409, 'The ledger has grown meanwhile', 'Read the checkpoint again, then try again.'),
  type('enrolment-refused', 403, 'The link is not good', 'Ask a system administrator for a new one-time link.'),
  type('passkey-refused', 403, 'The passkey was not accepted', 'Begin again, with the passkey of this house.'),
  type('join-token', 403, 'The join token is not good', `${ASK_OPERATOR} A token serves once and expires.`),
  type('join-request', 422, 'The request to join is not acceptable', 'Correct what "detail" names, then join again.'),
  type('join-conflict', 409, 'The gateway or its address is taken', ASK_OPERATOR),
  type('join-refused', 403, 'The registry refused the request to join', ASK_OPERATOR),
  type(
    'request-signature',
    403,
    'A request of a gateway is not signed as it must be',
    'Sign it with the key of the present signing certificate, within five minutes.',
  ),
  type(
    'request-refused',
    403,
    'The registry’s operator refused the request',
    'Read the reason in "detail", then ask anew.',
  ),
  type('request-waiting', 409, 'The request waits for an operator of the registry', 'Try again once it is decided.'),
  type('request-decided', 409, 'The request has been decided already', 'Read who decided, and how, in "detail".'),
  type(
    'archived-body-erased',
    410,
    'The archived body was erased',
    'The proof of its exchange is whole; who needs what it said asks the member that sent it.',
  ),
  type(
    'archived-body-damaged',
    409,
    'The archived body is damaged',
    'Put its file back into the archive folder from where files are backed up.',
  ),
  type('registry-in-use', 409, 'What is to be taken out is in use', 'Take out first what "detail" names.'),
  type(
    'federation-refused',
    422,
    'The other registry cannot be trusted',
    'Check its address and its anchor; "detail" says what does not hold.',
  ),
  type(
    'openapi-remote-reference',
    422,
    'The description refers to another place',
    'Put what it refers to into the file; nothing is fetched on the word of a description.',
  ),
  type('openapi-aliases', 422, 'The description uses YAML aliases', 'Write out what the aliases stand for.'),
  type(
    'address-refused',
    422,
    'The address is in a network that this gateway may not call',
    'Ask the operator of the gateway to allow the network, or give another address.',
  ),
];
