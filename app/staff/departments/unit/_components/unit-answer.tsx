import { getTranslations } from 'next-intl/server'
import { Bar } from '@/app/staff/_components/charts/bar'
import { getShareWords } from '@/app/staff/_components/share-words'
import { connectedFilter, type KindShare, ourPeople } from '@/lib/people/coverage'
import { peopleHref } from '@/lib/people/schema'
import type { Share } from '@/lib/people/units'

type Props = { department: string; share: Share; kinds: KindShare[] }

/** How many of a department's people are connected, and how many of each kind. */
export async function UnitAnswer({ department, share, kinds }: Props) {
  const t = await getTranslations('staff.coverage')
  const say = await getShareWords()
  return (
    <section aria-labelledby="answer" className="card space-y-3">
      <h2 id="answer" className="text-xl!">
        {t.rich('answer', {
          kind: 'all',
          share: say(share),
          people: share.people,
          all: (words) => (
            <a key="all" href={peopleHref(ourPeople({ department }))} className="text-ink!">
              {words}
            </a>
          ),
        })}
      </h2>
      <p className="flex flex-wrap gap-x-5 text-sm">
        <a
          href={peopleHref(ourPeople({ department, connection: connectedFilter() }))}
          className="inline-flex min-h-6 items-center"
        >
          {t('connected', { count: share.connected })}
        </a>
        <a
          href={peopleHref(ourPeople({ department, connection: 'missing' }))}
          className="inline-flex min-h-6 items-center"
        >
          {t('missing', { count: share.people - share.connected })}
        </a>
      </p>
      {kinds.length > 1 ? (
        <ul className="grid gap-x-8 gap-y-2 text-sm sm:grid-cols-2">
          {kinds.map(({ kind, ...each }) => (
            <li key={kind}>
              {t.rich('other', {
                kind,
                share: say(each),
                people: each.people,
                all: (words) => (
                  <a key="all" href={peopleHref(ourPeople({ department, kind }))} className="inline-block min-h-6">
                    {words}
                  </a>
                ),
              })}
              <Bar parts={[{ value: each.connected, look: 'full' }]} most={each.people} />
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  )
}
