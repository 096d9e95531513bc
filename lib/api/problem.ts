/** What an answer of the API can refuse, by code. The page for developers explains each. */
export const problems = {
  invalid_request: { status: 400, title: 'The request is not valid.' },
  invalid_json: { status: 400, title: 'The body is not JSON.' },
  repeated_name: { status: 400, title: 'A name occurs twice in one object of the body.' },
  forbidden_name: { status: 400, title: 'A name in the body is not allowed.' },
  too_deep: { status: 400, title: 'The body has too many levels.' },
  orcid_refused: { status: 400, title: 'ORCID refused this.' },
  invalid_cursor: { status: 400, title: 'This cursor is none of ours.' },
  foreign_cursor: { status: 400, title: 'This cursor belongs to another system or to another list.' },
  missing_idempotency_key: { status: 400, title: 'A write needs the header Idempotency-Key.' },
  missing_key: { status: 401, title: 'Send a key: Authorization: Bearer cnc_…' },
  malformed_key: { status: 401, title: 'This key has a typing error, or is no key.' },
  unknown_key: { status: 401, title: 'This key is not known.' },
  expired_key: { status: 401, title: 'This key has expired.' },
  revoked_key: { status: 401, title: 'This key was revoked.' },
  system_stopped: { status: 401, title: 'This system was stopped.' },
  system_expired: { status: 401, title: 'The time of this system is over.' },
  network: { status: 401, title: 'This system may not call from this address.' },
  missing_right: { status: 403, title: 'This system does not have the right for this.' },
  permission_refused: { status: 403, title: 'This permission cannot be used now. It is being checked.' },
  not_permitted: { status: 403, title: 'The person has not permitted this.' },
  not_found: { status: 404, title: 'There is nothing here that this system may see.' },
  method_not_allowed: { status: 405, title: 'Method not allowed.' },
  read_only: { status: 405, title: 'This section can only be read here.' },
  not_acceptable: { status: 406, title: 'Accept XML or JSON, as ORCID has it.' },
  already_exists: { status: 409, title: 'There is such an item already.' },
  record_deprecated: { status: 409, title: 'ORCID has merged this record into another.' },
  record_deactivated: { status: 409, title: 'This record was closed.' },
  record_locked: { status: 409, title: 'ORCID has locked this record.' },
  removed_by_person: { status: 409, title: 'The person removed this item, so it is not written again.' },
  works_not_wanted: { status: 409, title: 'The person wants no works from systems.' },
  allows_more: {
    status: 409,
    title: 'The person allows more than this system may have, and ORCID cannot give it less.',
  },
  already_released: {
    status: 409,
    title: 'With this idempotency key an id_token was given. Use another key for another.',
  },
  delegation_unavailable: {
    status: 409,
    title: 'ORCID does not let us release this. Read and write through this API.',
  },
  refused_by_orcid: {
    status: 409,
    title: 'ORCID refused this. We find out why before anything else is done for the person.',
  },
  request_in_progress: { status: 409, title: 'A request with this idempotency key is in progress.' },
  cursor_expired: { status: 410, title: 'This cursor is too old. Read the whole list again.' },
  body_too_large: { status: 413, title: 'The body is larger than 256 kB.' },
  unsupported_media_type: { status: 415, title: 'Send application/json.' },
  idempotency_key_reused: { status: 422, title: 'This idempotency key belongs to another request.' },
  too_many_requests: { status: 429, title: 'This system has used up its requests for now.' },
  internal_error: { status: 500, title: 'Something went wrong here.' },
  held: { status: 503, title: 'The database was restored and is not released yet.' },
  being_counted: { status: 503, title: 'This is still being counted. Ask again soon.' },
  unavailable: { status: 503, title: 'The database is away.' },
  orcid_unavailable: { status: 503, title: 'ORCID does not answer now.' },
  writing_not_set_up: { status: 503, title: 'This installation cannot write to ORCID yet.' },
} as const

export type ProblemCode = keyof typeof problems

/** The JSON pointer of a part of a body (RFC 6901). */
export const toPointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** `pointer` leads to a part of the body; `parameter` is one of the address or a header. */
export type ProblemError = { pointer?: string; parameter?: string; detail: string }

/** `status`: of ORCID, where it is not the one of the code. */
type More = {
  status?: number
  detail?: string
  errors?: ProblemError[]
  headers?: Record<string, string>
  reference?: string
}

/** A refusal of the API, as RFC 9457 has it. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'

  constructor(
    readonly code: ProblemCode,
    readonly more: More = {},
  ) {
    super(code)
  }
}

/** Where the page for developers explains a code. */
export const problemType = (code: ProblemCode) => `/developers#${code.replaceAll('_', '-')}`

export function toProblemResponse({ code, more }: ApiProblem): Response {
  const { title } = problems[code]
  const { status = problems[code].status, detail, errors, reference, headers } = more
  const body = { type: problemType(code), title, status, code, detail, errors, instance: reference }
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  })
}
