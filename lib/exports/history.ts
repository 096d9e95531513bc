import type { AuditRow } from '@/lib/audit/history'
import { makeEncoders } from '@/lib/exports/export'
import { orcidUri } from '@/lib/orcid/id'

export const historyColumns = [
  'id',
  'at',
  'action',
  'actor_kind',
  'actor_orcid',
  'actor_name',
  'subject_orcid',
  'subject_orcid_uri',
  'subject_name',
  'attempt_id',
  'grant_id',
  'request_id',
  'detail',
] as const

/** One event as files have it. The time is ISO 8601 in UTC, `detail` JSON as text; what is absent is null. */
export type HistoryRow = Record<(typeof historyColumns)[number], string | null>

export function toHistoryRow({ actor, subject, ...event }: AuditRow): HistoryRow {
  return {
    id: String(event.id),
    at: event.at.toISOString(),
    action: event.action,
    actor_kind: event.actorKind,
    actor_orcid: actor?.orcid ?? null,
    actor_name: actor?.name ?? null,
    subject_orcid: subject?.orcid ?? null,
    subject_orcid_uri: subject?.orcid ? orcidUri(subject.orcid, subject.registry) : null,
    subject_name: subject?.name ?? null,
    attempt_id: event.attemptId,
    grant_id: event.grantId,
    request_id: event.requestId,
    detail: JSON.stringify(event.detail),
  }
}

export const historyEncoders = makeEncoders<HistoryRow, (typeof historyColumns)[number]>(historyColumns)
