import { getTranslations } from 'next-intl/server'
import { type InvitedFilters, noKind } from '@/lib/campaigns/invited'
import { noDepartment } from '@/lib/researchers/schema'

/** The filters in words, null where they do not filter, each with what they are without it. */
export async function describeInvitedFilters({ q, state, department, kind }: InvitedFilters) {
  const t = await getTranslations('staff.campaigns')
  const people = await getTranslations('staff.people')
  const list = await getTranslations('staff.list')
  return [
    { words: q && list('chips.q', { q }), without: { q: null } },
    { words: state && t(`people.states.${state}`), without: { state: null } },
    { words: kind && (kind === noKind ? t('whoIsMissing.noKind') : people(`kinds.${kind}`)), without: { kind: null } },
    {
      words:
        department &&
        (department === noDepartment ? people('chips.noDepartment') : people('chips.department', { department })),
      without: { department: null },
    },
  ]
}
