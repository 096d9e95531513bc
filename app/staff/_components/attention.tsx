import { ChevronRight } from 'lucide-react'
import { getFormatter, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Notice } from '@/app/_components/notice'
import { State, type StateName } from '@/app/_components/state'
import { When } from '@/app/_components/when'
import { listHref } from '@/app/staff/_components/list-href'
import type { Tally } from '@/lib/researchers/queries'
import type { WaitingCount } from '@/lib/revocations/queries'

type Props = { waiting: WaitingCount; expiring: Tally; withdrawn: Tally }

/** What somebody should look at, most urgent first; what there is none of is left out. */
export async function Attention({ waiting, expiring, withdrawn }: Props) {
  const t = await getTranslations('staff.overview')
  const calm = waiting.count + expiring.count + withdrawn.count === 0
  return (
    <section aria-labelledby="attention" className="space-y-3">
      <h2 id="attention">{t('attention')}</h2>
      {calm ? <Notice tone="good">{t('calm')}</Notice> : null}
      <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
        <Item href="#waiting" count={waiting.overdue} state="expired" words={t('overdue', { count: waiting.overdue })}>
          {t('overdueHint')}
        </Item>
        <Item href="#waiting" count={waiting.count} state="waiting" words={t('waiting', { count: waiting.count })}>
          {waiting.oldestAt
            ? t.rich('oldest', { when: () => <When key="oldest" at={waiting.oldestAt ?? new Date()} /> })
            : null}
        </Item>
        <Item href={listHref(withdrawn.filters)} count={withdrawn.count} state="withdrawn" words={t('withdrawn')}>
          {t('withdrawnHint')}
        </Item>
        <Item
          href={listHref(expiring.filters)}
          count={expiring.count}
          state="expiring"
          words={t('expiring', { count: expiring.count })}
        >
          {t('expiringHint')}
        </Item>
      </ul>
    </section>
  )
}

type ItemProps = { href: string; count: number; state: StateName; words: string; children: ReactNode }

async function Item({ href, count, state, words, children }: ItemProps) {
  const format = await getFormatter()
  if (count === 0) return null
  return (
    <li className="card relative flex items-start gap-3 px-4! py-3! hover:border-line-strong">
      <div className="min-w-0 flex-1">
        <a
          href={href}
          className="font-semibold text-ink! no-underline! after:absolute after:inset-0 after:rounded-card"
        >
          <State state={state}>
            <span className="whitespace-normal">
              <span className="tabular-nums">{format.number(count)}</span> {words}
            </span>
          </State>
        </a>
        <p className="note">{children}</p>
      </div>
      <ChevronRight size={20} className="mt-0.5 shrink-0 text-ink-soft" />
    </li>
  )
}
