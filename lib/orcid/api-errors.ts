// Any other code is `invalid`. From ORCID-Source: `orcid-core/src/main/resources/i18n/api_en.properties` and
// `orcid-api-common/.../OrcidExceptionMapper.java`.
export const apiErrorMeanings = {
  /** 9038 comes with 403, although its text says "409 Conflict". */
  9004: 'insufficient_scope',
  9005: 'insufficient_scope',
  9015: 'insufficient_scope',
  9038: 'insufficient_scope',
  /** Merged into another record: 301 for GET, 409 otherwise. */
  9007: 'deprecated',
  /** 401 "Access token is for a different record". */
  9017: 'wrong_record',
  9018: 'locked',
  9044: 'deactivated',
  9011: 'not_found',
  9016: 'not_found',
  9041: 'not_found',
  /** An item of ours already has this external identifier. */
  9021: 'conflict',
  /** An internal error of ORCID, with 500. */
  9008: 'unavailable',
} as const satisfies Record<number, string>

export type ApiErrorMeaning = (typeof apiErrorMeanings)[keyof typeof apiErrorMeanings] | 'invalid'

/** ORCID sends a code only with these statuses. Any other pair is foreign. */
export const statusesByMeaning: Record<ApiErrorMeaning, readonly number[]> = {
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
