import { getTranslations } from 'next-intl/server'
import { describeScopes } from '@/app/staff/_components/staff-scopes'
import { env } from '@/lib/config/env'
import type { PeopleFilters } from '@/lib/people/schema'
import { noDepartment } from '@/lib/researchers/schema'

/** The filters in words, null where they do not filter, each with what they are without it. */
export async function describePeopleFilters(filters: PeopleFilters) {
  const { q, connection, kind, department, state, conflict, roster, lacks } = filters
  const t = await getTranslations('staff.people')
  const list = await getTranslations('staff.list')
  const [lacking] = lacks ? await describeScopes([lacks]) : []
  return [
    { words: q && list('chips.q', { q }), without: { q: null } },
    { words: connection && t(`connections.${connection}`, { api: env().orcid.api }), without: { connection: null } },
    { words: kind && t(`kinds.${kind}`), without: { kind: null } },
    {
      words:
        department && (department === noDepartment ? t('chips.noDepartment') : t('chips.department', { department })),
      without: { department: null },
    },
    { words: state && t(`states.${state}`), without: { state: null } },
    { words: conflict && t('inConflict'), without: { conflict: null } },
    { words: roster && t(`rosters.${roster}`), without: { roster: null } },
    { words: lacking ? t('chips.lacks', { permission: lacking.title }) : null, without: { lacks: null } },
  ]
}
