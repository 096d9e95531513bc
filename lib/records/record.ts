import type { ApiOutcome } from '@/lib/orcid/api'
import type { OrcidRecord } from '@/lib/orcid/record'

/** Above this number, the oldest are evicted. */
export const cachedRecordsMax = 50

/**
 * `public`: there is no permission; `public_without_token`: its token is missing; `public_credentials`: our credentials
 * read nothing else.
 */
export type ReadBy = 'permission' | 'public' | 'public_without_token' | 'public_credentials'

/** None of these changes what the person permits. */
export type ReadFailure =
  | { because: 'deprecated'; primaryOrcid: string | null }
  | {
      because:
        | 'permission_refused'
        | 'paused'
        | 'locked'
        | 'deactivated'
        | 'not_found'
        | 'busy'
        | 'too_often'
        | 'unavailable'
        | 'unreadable'
    }

export type Reading =
  | { kind: 'read'; by: ReadBy; record: OrcidRecord; at: Date }
  | ({ kind: 'failed'; by: ReadBy } & ReadFailure)

/** Why a record could not be read, for the page. */
export function toReadFailure(outcome: Exclude<ApiOutcome, { kind: 'ok' }>): ReadFailure {
  switch (outcome.kind) {
    case 'deprecated':
      return { because: 'deprecated', primaryOrcid: outcome.primaryOrcid }
    case 'invalid_token':
    case 'wrong_record':
    case 'insufficient_scope':
      return { because: 'permission_refused' }
    case 'rate_limited':
      return { because: 'busy' }
    case 'conflict':
    case 'invalid':
      return { because: 'unreadable' }
    case 'client_refused':
      return { because: 'unavailable' }
    default:
      return { because: outcome.kind }
  }
}
