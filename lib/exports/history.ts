import type { CellKind, Column } from '@/lib/exports/layout'
import { orcidUri } from '@/lib/orcid/id'

const column = (name: string, sql: string, kind: CellKind = 'text'): Column => ({ name, kind, sql })

const subjectUri = `case subject.registry when 'sandbox' then '${orcidUri('', 'sandbox')}' else '${orcidUri('', 'production')}' end || subject.orcid`

/** What a file of the history says of an event. `detail` is JSON as text. */
export const historyColumns = [
  column('id', 'event.id::text'),
  column('at', 'event.at', 'time'),
  column('action', 'event.action'),
  column('actor_kind', 'event.actor_kind', 'word'),
  column('actor_orcid', 'coalesce(staff.orcid, actor.orcid)'),
  column('actor_name', 'case when staff.id is null then actor.name else staff.name end'),
  column('subject_orcid', 'subject.orcid'),
  column('subject_orcid_uri', subjectUri),
  column('subject_name', 'subject.name'),
  column('attempt_id', 'event.attempt_id', 'optional'),
  column('grant_id', 'event.grant_id', 'optional'),
  column('request_id', 'event.request_id'),
  column('detail', 'event.detail::text'),
]
