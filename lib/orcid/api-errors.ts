/**
 * What ORCID's own error codes are taken for here; every other code is `invalid`, with ORCID's words. From
 * ORCID-Source: `orcid-core/src/main/resources/i18n/api_en.properties` (the texts) and
 * `orcid-api-common/.../OrcidExceptionMapper.java` (the status that goes with each).
 */
export const apiErrorMeanings = {
  /** A token or an application without the scope. 9038 says "409 Conflict" in its text, and comes with 403. */
  9004: 'insufficient_scope',
  9005: 'insufficient_scope',
  9015: 'insufficient_scope',
  9038: 'insufficient_scope',
  /** Merged into another record: 301 for GET, 409 for the rest. */
  9007: 'deprecated',
  /** "Access token is for a different record", with 401. */
  9017: 'wrong_record',
  9018: 'locked',
  9044: 'deactivated',
  /** No such iD, or no such item in it. */
  9011: 'not_found',
  9016: 'not_found',
  9041: 'not_found',
  /** An item of ours with the same external identifier is there already. */
  9021: 'conflict',
  /** Whatever ORCID itself did not expect, with 500. */
  9008: 'unavailable',
} as const satisfies Record<number, string>

export type ApiErrorMeaning = (typeof apiErrorMeanings)[keyof typeof apiErrorMeanings] | 'invalid'

/** The status that a meaning comes with; a code with any other one is not ORCID's word. */
export const statusesOf: Record<ApiErrorMeaning, readonly number[]> = {
  insufficient_scope: [401, 403],
  deprecated: [301, 409],
  wrong_record: [401],
  locked: [409],
  deactivated: [409],
  not_found: [404],
  conflict: [409],
  unavailable: [500],
  invalid: [400, 401, 403, 404, 405, 406, 409, 415],
}
