import { getTranslations } from 'next-intl/server'
import { getDayWords } from '@/app/staff/_components/day-words'
import { describeScopes } from '@/app/staff/_components/staff-scopes'
import { type FilterName, type ListFilters, noDepartment } from '@/lib/researchers/schema'

/** One thing that narrows the list down, in words, and what the filters are without it. */
export type FilterWords = { name: FilterName; words: string; without: Partial<ListFilters> }

/** Everything that narrows the list down now, in the order of the menus. */
export async function describeFilters(filters: ListFilters): Promise<FilterWords[]> {
  const t = await getTranslations('staff')
  const { q, state, finding, expiringWithin, department, localId } = filters
  const known: (FilterWords | null)[] = [
    q ? { name: 'q', words: t('list.chips.q', { q }), without: { q: '' } } : null,
    state ? { name: 'state', words: t(`states.${state}`), without: { state: null } } : null,
    finding ? { name: 'finding', words: t(`findings.${finding}`), without: { finding: null } } : null,
    ...(await describePermissions(filters)),
    expiringWithin
      ? {
          name: 'expiring-within',
          words: t('list.chips.expiringWithin', { months: expiringWithin }),
          without: { expiringWithin: null },
        }
      : null,
    ...(await describeDays(filters)),
    department
      ? {
          name: 'department',
          words: department === noDepartment ? t('list.noDepartment') : t('list.chips.department', { department }),
          without: { department: null },
        }
      : null,
    localId ? { name: 'local-id', words: t('list.chips.localId', { id: localId }), without: { localId: null } } : null,
  ]
  return known.filter((words) => words !== null)
}

async function describePermissions({ scopes, lacks }: ListFilters): Promise<FilterWords[]> {
  const t = await getTranslations('staff.list')
  const has: FilterWords[] = (await describeScopes(scopes)).map(({ scope, title }) => ({
    name: 'scope',
    words: t('chips.scope', { permission: title }),
    without: { scopes: scopes.filter((other) => other !== scope) },
  }))
  const [only, ...others] = await describeScopes(lacks)
  if (!only) return has
  const words = others.length > 0 ? t('chips.lacksSome') : t('chips.lacks', { permission: only.title })
  return [...has, { name: 'lacks', words, without: { lacks: [] } }]
}

async function describeDays(filters: ListFilters): Promise<FilterWords[]> {
  const t = await getTranslations('staff.list.chips')
  const toWords = await getDayWords()
  const say = (day: string) => ({ day: toWords(day) })
  const { connectedFrom, connectedTo, withdrawnSince, checkedFrom, checkedBefore } = filters
  const days: FilterWords[] = []
  const add = (name: FilterName, words: string, without: Partial<ListFilters>) => days.push({ name, words, without })
  if (connectedFrom) add('connected-from', t('connectedFrom', say(connectedFrom)), { connectedFrom: null })
  if (connectedTo) add('connected-to', t('connectedTo', say(connectedTo)), { connectedTo: null })
  if (withdrawnSince) add('withdrawn-since', t('withdrawnSince', say(withdrawnSince)), { withdrawnSince: null })
  if (checkedFrom) add('checked-from', t('checkedFrom', say(checkedFrom)), { checkedFrom: null })
  if (checkedBefore) add('checked-before', t('checkedBefore', say(checkedBefore)), { checkedBefore: null })
  return days
}
