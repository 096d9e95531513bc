import type { AuditRow } from '@/lib/audit/history'
import type { Column } from '@/lib/exports/encoder'
import { orcidUri } from '@/lib/orcid/id'

const text = (name: string, read: Column<AuditRow>['read']): Column<AuditRow> => ({ name, kind: 'text', read })

/** What a file of the history says of an event. The time is ISO 8601 in UTC, `detail` JSON as text. */
export const historyColumns = [
  text('id', ({ id }) => String(id)),
  text('at', ({ at }) => at.toISOString()),
  text('action', ({ action }) => action),
  text('actor_kind', ({ actorKind }) => actorKind),
  text('actor_orcid', ({ actor }) => actor?.orcid ?? null),
  text('actor_name', ({ actor }) => actor?.name ?? null),
  text('subject_orcid', ({ subject }) => subject?.orcid ?? null),
  text('subject_orcid_uri', ({ subject }) => (subject?.orcid ? orcidUri(subject.orcid, subject.registry) : null)),
  text('subject_name', ({ subject }) => subject?.name ?? null),
  text('attempt_id', ({ attemptId }) => attemptId),
  text('grant_id', ({ grantId }) => grantId),
  text('request_id', ({ requestId }) => requestId),
  text('detail', ({ detail }) => JSON.stringify(detail)),
]
