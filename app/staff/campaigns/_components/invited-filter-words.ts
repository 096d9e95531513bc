import { getTranslations } from 'next-intl/server'
import { getInvitedWords } from '@/app/staff/campaigns/_components/invited-words'
import { type InvitedFilters, noKind } from '@/lib/campaigns/invited'
import type { Campaign } from '@/lib/campaigns/queries'
import { noDepartment } from '@/lib/researchers/schema'

/** The filters in words, null where they do not filter, each with what they are without it. */
export async function describeInvitedFilters(
  campaign: Pick<Campaign, 'kind'>,
  { q, state, department, kind }: InvitedFilters,
) {
  const say = await getInvitedWords(campaign)
  const t = await getTranslations('staff.campaigns')
  const people = await getTranslations('staff.people')
  const list = await getTranslations('staff.list')
  return [
    { words: q && list('chips.q', { q }), without: { q: null } },
    { words: state && say(state), without: { state: null } },
    { words: kind && (kind === noKind ? t('whoIsMissing.noKind') : people(`kinds.${kind}`)), without: { kind: null } },
    {
      words:
        department &&
        (department === noDepartment ? people('chips.noDepartment') : people('chips.department', { department })),
      without: { department: null },
    },
  ]
}
