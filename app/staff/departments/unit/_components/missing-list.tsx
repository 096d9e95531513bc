import { getFormatter, getTranslations } from 'next-intl/server'
import { describeScopes } from '@/app/staff/_components/staff-scopes'
import { scopeClosure } from '@/lib/orcid/scopes'
import type { countUnitStates } from '@/lib/people/coverage'
import { connectedFilter, ourPeople } from '@/lib/people/coverage'
import { type PeopleFilters, peopleHref } from '@/lib/people/schema'

type States = Awaited<ReturnType<typeof countUnitStates>>['value']
type Props = { department: string; states: States; scopes: readonly string[] }

/** What a department lacks: who is not connected, by why, and who does not allow what we ask for. */
export async function MissingList({ department, states, scopes }: Props) {
  const t = await getTranslations('staff.departments')
  const count = (test: (each: States[number]) => boolean) =>
    states.reduce((sum, each) => (test(each) ? sum + each.count : sum), 0)
  const reasons = [
    { words: t('missing.never'), filters: { connection: 'not-connected' }, count: count((e) => e.connection === null) },
    connectedFilter() === 'identity-only'
      ? null
      : {
          words: t('missing.identityOnly'),
          filters: { connection: 'identity-only' },
          count: count((e) => e.connection === 'identity_only'),
        },
    {
      words: t('missing.withdrew'),
      filters: { connection: 'withdrew' },
      count: count((e) => e.connection === 'withdrawn'),
    },
    {
      words: t('missing.expired'),
      filters: { connection: 'expired' },
      count: count((e) => e.connection === 'expired'),
    },
  ] as const
  const described = await describeScopes(scopes)
  const lacking = described.map(({ scope, title }) => ({
    words: t('missing.lacks', { permission: title }),
    filters: { lacks: scope },
    count: count((each) => each.connection === 'connected' && !scopeClosure(each.scopes).has(scope)),
  }))
  const rows = [...reasons, ...lacking].flatMap((row) => (row && row.count > 0 ? [row] : []))
  return (
    <section aria-labelledby="missing" className="space-y-3">
      <h2 id="missing">{t('missing.title')}</h2>
      {rows.length === 0 ? (
        <p className="text-ink-soft">{t('missing.nothing')}</p>
      ) : (
        <ul className="card card-list">
          {rows.map(({ words, filters, count: found }) => (
            <Row
              key={words}
              words={words}
              count={found}
              href={peopleHref(ourPeople({ department, ...(filters as Partial<PeopleFilters>) }))}
            />
          ))}
        </ul>
      )}
    </section>
  )
}

async function Row({ words, count, href }: { words: string; count: number; href: string }) {
  const format = await getFormatter()
  return (
    <li>
      <a href={href} className="flex min-h-10 items-center justify-between gap-4 py-1 text-ink!">
        <span>{words}</span>
        <span className="shrink-0 font-semibold tabular-nums">{format.number(count)}</span>
      </a>
    </li>
  )
}
